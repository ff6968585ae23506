package dev.serving.cli;

import dev.serving.trace.testing.OtlpHttpReceiver;
import dev.serving.trace.testing.SeenSpan;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A receiver of OTLP over HTTP, asked for what a server's processes sent it. */
final class OtlpReceiver implements AutoCloseable {
  private final OtlpHttpReceiver receiver = OtlpHttpReceiver.plain();

  OtlpReceiver() throws IOException {}

  URI uri() {
    return URI.create(receiver.endpoint());
  }

  List<SeenSpan> spans() {
    return receiver.seen();
  }

  /** The spans of requests by trace id; engines' steps are traces of their own. */
  Map<String, List<SeenSpan>> traces() {
    return spans().stream()
        .filter(span -> !span.name().equals("BATCH_STEP"))
        .collect(Collectors.groupingBy(SeenSpan::traceId));
  }

  /** The spans of one trace that have come so far. */
  List<SeenSpan> trace(String traceId) {
    return spans().stream().filter(span -> span.traceId().equals(traceId)).toList();
  }

  @Override
  public void close() {
    receiver.close();
  }
}
