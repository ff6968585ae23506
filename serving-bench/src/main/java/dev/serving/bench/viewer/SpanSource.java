package dev.serving.bench.viewer;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The same traces in every run: 20 spans each, eight attributes a span, about 320 bytes. One trace
 * in a hundred has {@code tier=gold}, the middle one {@code needle=yes}.
 */
final class SpanSource {
  static final int SPANS_OF_TRACE = 20;
  static final int TRACES_OF_REQUEST = 25;
  static final String SERVICE = "bench";

  private final int traces;
  private final long zero = Instant.now().minusSeconds(600).toEpochMilli() * 1_000_000;
  private long bytes;

  SpanSource(int traces) {
    this.traces = traces;
  }

  /** Bytes of a span on the wire, of those made so far. */
  double bytesOfSpan(long spans) {
    return (double) bytes / spans;
  }

  /** The trace's id as text. */
  static String id(int trace) {
    SplittableRandom random = new SplittableRandom(trace);
    return String.format(Locale.ROOT, "%016x%016x", random.nextLong() | 1, random.nextLong() | 1);
  }

  /** The request that carries these 25 traces. */
  byte[] request(int firstTrace) {
    ScopeSpans.Builder spans =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("bench.scope").setVersion("1.0"));
    for (int trace = firstTrace; trace < firstTrace + TRACES_OF_REQUEST; trace++) {
      for (int span = 0; span < SPANS_OF_TRACE; span++) {
        Span made = span(trace, span);
        bytes += made.getSerializedSize();
        spans.addSpans(made);
      }
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(text("service.name", SERVICE))
                        .addAttributes(text("host.name", "bench-host"))
                        .addAttributes(number("process.pid", 4242)))
                .addScopeSpans(spans))
        .build()
        .toByteArray();
  }

  private Span span(int trace, int number) {
    SplittableRandom random = new SplittableRandom(31L * trace + number);
    SplittableRandom ids = new SplittableRandom(trace);
    long high = ids.nextLong() | 1;
    long low = ids.nextLong() | 1;
    long begin = zero + trace * 10_000_000L + number * 1_000_000L;
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(
                ByteString.copyFrom(ByteBuffer.allocate(16).putLong(high).putLong(low).flip()))
            .setSpanId(id(low, number))
            .setName(number == 0 ? "POST /v1/chat/completions" : "step-" + number)
            .setKindValue(number == 0 ? 2 : 1)
            .setFlags(0x101)
            .setStartTimeUnixNano(begin)
            .setEndTimeUnixNano(begin + 500_000 + random.nextInt(1_000_000));
    if (number > 0) {
      span.setParentSpanId(id(low, 0));
    }
    return span.addAttributes(text("rid", "request-" + trace))
        .addAttributes(text("gen_ai.request.model", "serving-demo"))
        .addAttributes(text("thread_label", "worker"))
        .addAttributes(number("tp_rank", number % 4))
        .addAttributes(number("tokens", random.nextInt(4096)))
        .addAttributes(
            text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0 bench/1"))
        .addAttributes(text("tier", trace % 100 == 7 ? "gold" : "standard"))
        .addAttributes(text("needle", trace == traces / 2 ? "yes" : "no"))
        .build();
  }

  private static ByteString id(long trace, int number) {
    long id = new SplittableRandom(trace + number).nextLong() | 1;
    return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).flip());
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
