package dev.serving.trace.export;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;

/** Prints one line a span, for a look without any receiver. For any thread. */
final class ConsoleExporter implements SpanExporter {
  private final PrintStream out;

  ConsoleExporter(PrintStream out) {
    this.out = out;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    StringBuilder lines = new StringBuilder();
    for (SpanData span : spans) {
      append(lines, span);
    }
    out.print(lines);
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode flush() {
    out.flush();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return flush();
  }

  private static void append(StringBuilder lines, SpanData span) {
    double millis = (double) (span.getEndEpochNanos() - span.getStartEpochNanos()) / 1e6;
    String line =
        String.format(
            Locale.ROOT,
            "%s %s < %s  %s  %.3f ms  %s%s",
            span.getTraceId(),
            span.getSpanId(),
            parent(span),
            span.getName(),
            millis,
            span.getAttributes().asMap(),
            span.getStatus().getStatusCode() == StatusCode.ERROR ? "  ERROR" : "");
    // A value of a stranger must not be able to look like another line.
    lines.append(line.replaceAll("\\p{Cntrl}", " ")).append(System.lineSeparator());
  }

  private static String parent(SpanData span) {
    return span.getParentSpanContext().isValid() ? span.getParentSpanId() : "root";
  }
}
