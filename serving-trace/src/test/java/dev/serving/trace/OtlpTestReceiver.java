package dev.serving.trace;

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
abstract class OtlpTestReceiver implements AutoCloseable {
  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
  private volatile IntFunction<OtlpReply> replies = number -> OtlpReply.accepted();

  /** A receiver that listens for this protocol. */
  static OtlpTestReceiver start(OtlpProtocol protocol) throws Exception {
    return protocol == OtlpProtocol.GRPC ? OtlpGrpcReceiver.plain() : OtlpHttpReceiver.plain();
  }

  /** Where it listens, as an exporter's endpoint. */
  abstract String endpoint();

  @Override
  public abstract void close();

  /** From now on the n-th request (from 0, since the start) is answered like this. */
  void answer(IntFunction<OtlpReply> howTheNth) {
    replies = howTheNth;
  }

  /** Every request that came, taken or not, in order. */
  List<ExportTraceServiceRequest> requests() {
    return requests;
  }

  /** The headers of each request, names in lower case. */
  List<Map<String, String>> headers() {
    return headers;
  }

  /** The spans of all requests. */
  List<Span> spans() {
    return resourceSpans().stream()
        .flatMap(r -> r.getScopeSpansList().stream())
        .flatMap(s -> s.getSpansList().stream())
        .toList();
  }

  List<ResourceSpans> resourceSpans() {
    return requests.stream().flatMap(r -> r.getResourceSpansList().stream()).toList();
  }

  final synchronized OtlpReply received(
      ExportTraceServiceRequest request, Map<String, String> requestHeaders) {
    requests.add(request);
    headers.add(requestHeaders);
    return replies.apply(requests.size() - 1);
  }
}
