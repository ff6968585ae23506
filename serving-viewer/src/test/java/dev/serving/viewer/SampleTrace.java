package dev.serving.viewer;

import com.google.protobuf.ByteString;
import dev.serving.viewer.store.MalformedSpansException;
import dev.serving.viewer.store.StoreConfig;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceStore;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests as the server traces them: a frontend, an engine with rank 0, a worker with rank 1; five
 * stages; links from each to the one before.
 */
public final class SampleTrace {
  public static final long MILLI = 1_000_000;

  private final String traceId;
  private final long zero;
  private final Map<String, List<Span>> spansOfProcess = new LinkedHashMap<>();
  private int ids;

  private SampleTrace(String traceId, long zero) {
    this.traceId = traceId;
    this.zero = zero;
  }

  /** A trace without spans that begins at {@code zero} nanoseconds since the epoch. */
  public static SampleTrace empty(String traceId, long zero) {
    return new SampleTrace(traceId, zero);
  }

  /** One chat request over two ranks: 312 ms, 13 spans, three processes. */
  public static SampleTrace chat(String traceId, long zero) {
    SampleTrace trace = new SampleTrace(traceId, zero);
    String root = trace.root("POST /v1/chat/completions", 0, 312 * MILLI);
    String pre = trace.lane("frontend", root, "preprocess", null, 1, 14);
    String preprocessing = trace.slice("frontend", pre, "PREPROCESSING", 1, 13, null);
    String engine = trace.lane("engine", root, "scheduler", null, 13, 62);
    String schedule = trace.slice("engine", engine, "SCHEDULE", 13, 61, preprocessing);
    String lastDecode = null;
    for (int rank = 0; rank < 2; rank++) {
      String process = rank == 0 ? "engine" : "worker-1";
      String worker = trace.lane(process, root, "worker", rank, 62, 301);
      String prefill = trace.slice(process, worker, "PREFILL", 62, 118 + rank, schedule);
      String decode = trace.slice(process, worker, "DECODE", 118 + rank, 300, prefill);
      lastDecode = rank == 0 ? decode : lastDecode;
    }
    String post = trace.lane("frontend", root, "postprocess", null, 119, 311);
    trace.slice("frontend", post, "POSTPROCESSING", 119, 311, lastDecode);
    return trace;
  }

  public String root(String name, long fromNanos, long toNanos) {
    Span.Builder span =
        span(name, null, fromNanos, toNanos).setKind(Span.SpanKind.SPAN_KIND_SERVER);
    span.addAttributes(text("http.request.method", "POST"));
    span.addAttributes(text("gen_ai.request.model", "serving-demo"));
    span.addAttributes(number("gen_ai.usage.input_tokens", 128));
    return add("frontend", span);
  }

  public String lane(
      String process, String parent, String label, Integer rank, long from, long to) {
    Span.Builder span = span(label, parent, from * MILLI, to * MILLI);
    span.addAttributes(text("thread_label", label));
    span.addAttributes(text("rid", "r-1"));
    if (rank != null) {
      span.addAttributes(number("tp_rank", rank)).addAttributes(number("dp_rank", 0));
    }
    return add(process, span);
  }

  public String slice(String process, String parent, String name, long from, long to, String link) {
    Span.Builder span = span(name, parent, from * MILLI, to * MILLI);
    if (link != null) {
      span.addLinks(
          Span.Link.newBuilder().setTraceId(bytes(traceId)).setSpanId(bytes(link)).build());
    }
    return add(process, span);
  }

  /** Any span at all. */
  public String any(String process, Span.Builder span) {
    return add(process, span);
  }

  /** A span that the caller goes on to fill; times count from the begin of the trace. */
  public Span.Builder span(String name, String parent, long fromNanos, long toNanos) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(bytes(traceId))
            .setSpanId(bytes("%016x".formatted(++ids)))
            .setName(name)
            .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
            .setFlags(0x101)
            .setStartTimeUnixNano(zero + fromNanos)
            .setEndTimeUnixNano(zero + toNanos);
    return parent == null ? span : span.setParentSpanId(bytes(parent));
  }

  public static Status failure(String message) {
    return Status.newBuilder()
        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
        .setMessage(message)
        .build();
  }

  public ExportTraceServiceRequest request() {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    spansOfProcess.forEach((process, spans) -> request.addResourceSpans(of(process, spans)));
    return request.build();
  }

  /** The request as it is sent. */
  public byte[] bytes() {
    return request().toByteArray();
  }

  /** As the receiver would keep it. */
  public StoredTrace stored() {
    TraceStore store = new TraceStore(StoreConfig.DEFAULT);
    try {
      store.add(bytes());
    } catch (MalformedSpansException e) {
      throw new AssertionError(e);
    }
    return store.trace(traceId).orElseThrow();
  }

  public static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  public static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  public static KeyValue list(String key, String... values) {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    List.of(values).forEach(value -> array.addValues(AnyValue.newBuilder().setStringValue(value)));
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setArrayValue(array))
        .build();
  }

  public static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private String add(String process, Span.Builder span) {
    spansOfProcess.computeIfAbsent(process, any -> new ArrayList<>()).add(span.build());
    return HexFormat.of().formatHex(span.getSpanId().toByteArray());
  }

  private static ResourceSpans of(String process, List<Span> spans) {
    return ResourceSpans.newBuilder()
        .setResource(
            Resource.newBuilder()
                .addAttributes(text("service.name", "serving-" + process))
                .addAttributes(number("process.pid", 1000 + Math.abs(process.hashCode() % 1000))))
        .addScopeSpans(
            ScopeSpans.newBuilder()
                .setScope(
                    InstrumentationScope.newBuilder()
                        .setName("dev.serving.trace")
                        .setVersion("0.1.0"))
                .addAllSpans(spans))
        .build();
  }
}
