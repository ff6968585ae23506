package dev.serving.trace.testing;

import dev.serving.trace.config.OtlpProtocol;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/**
 * A real receiver of OTLP on a free port of the loopback, which keeps what it was sent and answers
 * as it is told. {@code OtlpHttpReceiver} and {@code OtlpGrpcReceiver} are its two kinds.
 */
public abstract class OtlpTestReceiver implements AutoCloseable {
  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
  private volatile IntFunction<OtlpReply> replies = number -> OtlpReply.accepted();

  /** A receiver that listens for this protocol. */
  public static OtlpTestReceiver start(OtlpProtocol protocol) throws Exception {
    return protocol == OtlpProtocol.GRPC ? OtlpGrpcReceiver.plain() : OtlpHttpReceiver.plain();
  }

  /** Where it listens, as an exporter's endpoint. */
  public abstract String endpoint();

  @Override
  public abstract void close();

  /** From now on the n-th request (from 0, since the start) is answered like this. */
  public void answer(IntFunction<OtlpReply> howTheNth) {
    replies = howTheNth;
  }

  /** Every request that came, taken or not, in order. */
  public List<ExportTraceServiceRequest> requests() {
    return requests;
  }

  /** The headers of each request, names in lower case. */
  public List<Map<String, String>> headers() {
    return headers;
  }

  /** The spans of all requests. */
  public List<Span> spans() {
    return resourceSpans().stream()
        .flatMap(r -> r.getScopeSpansList().stream())
        .flatMap(s -> s.getSpansList().stream())
        .toList();
  }

  /** The same, as a backend sees them. */
  public List<SeenSpan> seen() {
    return SeenSpan.of(resourceSpans());
  }

  /** Everything of all requests, with its processes. */
  public List<ResourceSpans> resourceSpans() {
    return requests.stream().flatMap(r -> r.getResourceSpansList().stream()).toList();
  }

  final synchronized OtlpReply received(
      ExportTraceServiceRequest request, Map<String, String> requestHeaders) {
    requests.add(request);
    headers.add(requestHeaders);
    return replies.apply(requests.size() - 1);
  }
}
