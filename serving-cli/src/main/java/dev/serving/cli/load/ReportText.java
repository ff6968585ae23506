package dev.serving.cli.load;

import dev.serving.cli.load.Times.Quantiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A result for the terminal, in 80 columns. */
public final class ReportText {
  private static final String ROW = "%-36s %12s";

  private ReportText() {}

  /** The lines of a result, each with its end. */
  public static String of(LoadResult result) {
    List<String> lines = new ArrayList<>();
    LoadConfig config = result.config();
    lines.add(
        "%s, %s at %s".formatted(result.target().base(), result.target().model(), loadOf(config)));
    result
        .openAtEnd()
        .ifPresent(
            open ->
                lines.add(
                    "PARTIAL: ended before its time; the %d requests still open count nowhere"
                        .formatted(open)));
    row(lines, "Successful requests", result.completed());
    row(lines, "Failed requests", result.failed());
    if (config.cancelRatio() > 0) {
      row(lines, "Cancelled by the client", result.cancelled());
    }
    row(lines, "Benchmark duration (s)", result.seconds());
    row(lines, "Total input tokens", result.inputTokens());
    row(lines, "Total generated tokens", result.outputTokens());
    row(lines, "Request throughput (req/s)", result.requestThroughput());
    row(lines, "Output token throughput (tok/s)", result.outputThroughput());
    row(lines, "Peak output token throughput (tok/s)", result.peakOutput());
    row(lines, "Peak concurrent requests", result.mostOpen());
    row(lines, "Total token throughput (tok/s)", result.totalThroughput());
    times(lines, result);
    errors(lines, result.errors());
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  /** How requests came, in words. */
  static String loadOf(LoadConfig config) {
    String rate =
        config.isOpen()
            ? number(config.requestRate()) + " requests/s (Poisson)"
            : "as many as may be open";
    return config.maxConcurrency() == Integer.MAX_VALUE
        ? rate
        : rate + ", " + config.maxConcurrency() + " at a time";
  }

  private static void row(List<String> lines, String name, long value) {
    lines.add(ROW.formatted(name, value));
  }

  private static void row(List<String> lines, String name, double value) {
    lines.add(ROW.formatted(name, String.format(Locale.ROOT, "%.2f", value)));
  }

  private static void times(List<String> lines, LoadResult result) {
    lines.add("");
    lines.add("%-12s %10s %10s %10s %10s %10s".formatted("ms", "mean", "p50", "p90", "p99", "max"));
    times(lines, "TTFT", result.firstToken());
    times(lines, "TPOT", result.perToken());
    times(lines, "ITL", result.betweenTokens());
    times(lines, "E2EL", result.endToEnd());
  }

  private static void times(List<String> lines, String name, Quantiles q) {
    lines.add(
        q.count() == 0
            ? "%-12s %10s".formatted(name, "none")
            : String.format(
                Locale.ROOT,
                "%-12s %10.2f %10.2f %10.2f %10.2f %10.2f",
                name,
                q.mean(),
                q.p50(),
                q.p90(),
                q.p99(),
                q.max()));
  }

  private static void errors(List<String> lines, Map<String, Integer> errors) {
    if (!errors.isEmpty()) {
      lines.add("");
      errors.forEach((error, times) -> lines.add("%6d × %s".formatted(times, error)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
