package dev.serving.viewer.chart;

import dev.serving.viewer.chart.LaneChart.Bar;
import dev.serving.viewer.chart.LaneChart.Lane;
import dev.serving.viewer.chart.LaneChart.Level;
import dev.serving.viewer.chart.LaneChart.ProcessGroup;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws a trace's lanes as text, in ASCII, without colour or control characters.
 *
 * <pre>
 * POST /v1/chat/completions  312 ms, 12 spans, 3 processes, trace 4bf92f35...
 *                   0 ns           78.0 ms         156 ms          234 ms
 * serving (pid 11)  |               |               |               |
 *   request         [POST /v1/chat/completions=========================] 312 ms
 *   preprocess      [PREP]                                               20.1 ms
 * </pre>
 */
public final class LaneText {
  private static final int MIN_COLUMNS = 60;
  private static final int MAX_COLUMNS = 400;
  private static final int TIME_WIDTH = 10;
  private static final int TICK_WIDTH = 16;

  private final LaneChart chart;
  private final int labelWidth;
  private final int barWidth;
  private final List<String> lines = new ArrayList<>();

  private LaneText(LaneChart chart, int columns) {
    this.chart = chart;
    this.labelWidth = labelWidth(chart, columns);
    this.barWidth = columns - labelWidth - TIME_WIDTH - 2;
  }

  /**
   * The drawing, lines separated by {@code \n}, the last one ended by it.
   *
   * @param trace what to draw
   * @param columns width of the terminal; taken as 60 if less, 400 if more
   */
  public static String draw(StoredTrace trace, int columns) {
    int width = Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, columns));
    return new LaneText(LaneChart.of(trace), width).draw();
  }

  private String draw() {
    heading();
    axis();
    chart.processes().forEach(this::process);
    stages();
    return String.join("\n", lines) + "\n";
  }

  private void heading() {
    StoredTrace trace = chart.trace();
    int failed = (int) trace.spans().stream().filter(StoredSpan::failed).count();
    lines.add(
        "%s  %s, %s, %s%s"
            .formatted(
                Printable.text(chart.root().name()),
                Durations.text(trace.durationNanos()),
                count(trace.spans().size(), "span"),
                count(chart.processes().size(), "process"),
                failed == 0 ? "" : ", " + count(failed, "error")));
    lines.add("trace " + trace.traceId());
  }

  private void axis() {
    StringBuilder ticks = new StringBuilder();
    long whole = chart.trace().durationNanos();
    for (int column = 0; column + TICK_WIDTH <= barWidth; column += TICK_WIDTH) {
      String time = Durations.text((long) (whole * (column / (double) barWidth)));
      ticks.append(Printable.fit("|" + time, TICK_WIDTH));
    }
    lines.add((" ".repeat(labelWidth + 1) + ticks).stripTrailing());
  }

  private void process(ProcessGroup process) {
    String pid = process.pid().isEmpty() ? "" : " (pid " + process.pid() + ")";
    lines.add(Printable.text(process.service() + pid));
    process.lanes().forEach(this::lane);
  }

  /** Slices inside slices are left to the page: a terminal has no room for them. */
  private void lane(Lane lane) {
    char[] row = " ".repeat(barWidth).toCharArray();
    long busy = 0;
    for (Bar bar : lane.bars()) {
      if (bar.level() != Level.LANE && bar.row() == 0) {
        TextBar.draw(row, bar.span(), chart.trace());
        busy += bar.span().durationNanos();
      }
    }
    String label = Printable.fit("  " + labelOf(lane), labelWidth);
    lines.add(label + " " + new String(row) + " " + Durations.text(busy));
  }

  private void stages() {
    List<StageTime> times = StageTime.of(chart);
    if (times.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("stage           lane             begins at    lasts      share");
    for (StageTime time : times) {
      lines.add(
          "%-15s %s %-12s %-10s %6s%s"
              .formatted(
                  time.stage(),
                  Printable.fit(time.lane(), 16),
                  Durations.text(time.atNanos()),
                  Durations.text(time.span().durationNanos()),
                  Durations.percent(time.share()),
                  time.span().failed() ? "  failed" : ""));
    }
  }

  private static int labelWidth(LaneChart chart, int columns) {
    int longest = chart.lanes().stream().mapToInt(lane -> labelOf(lane).length()).max().orElse(0);
    return Math.min(longest + 2, columns / 3);
  }

  private static String labelOf(Lane lane) {
    String label = lane.label().isEmpty() ? "request" : lane.label();
    return (label + " " + lane.rank()).strip();
  }

  private static String count(int number, String noun) {
    String plural = noun.endsWith("s") ? noun + "es" : noun + "s";
    return number + " " + (number == 1 ? noun : plural);
  }
}
