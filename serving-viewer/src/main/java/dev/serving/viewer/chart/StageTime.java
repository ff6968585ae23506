package dev.serving.viewer.chart;

import dev.serving.viewer.chart.LaneChart.Lane;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One passage of a request through one stage.
 *
 * @param span the slice
 * @param stage which stage
 * @param lane where: label and rank
 * @param atNanos begin, from the begin of the trace
 * @param share its part of the whole trace's duration, 0 to 1
 */
public record StageTime(StoredSpan span, Stage stage, String lane, long atNanos, double share) {

  /** Every passage, by begin; a preempted request passes some stages twice, each rank its own. */
  public static List<StageTime> of(LaneChart chart) {
    return chart.lanes().stream()
        .flatMap(lane -> of(chart.trace(), lane))
        .sorted(Comparator.comparingLong(StageTime::atNanos).thenComparing(StageTime::stage))
        .toList();
  }

  private static Stream<StageTime> of(StoredTrace trace, Lane lane) {
    String where = (lane.label() + " " + lane.rank()).strip();
    return lane.bars().stream()
        .flatMap(bar -> bar.stage().map(stage -> of(trace, bar.span(), stage, where)).stream());
  }

  private static StageTime of(StoredTrace trace, StoredSpan span, Stage stage, String where) {
    double whole = Math.max(1, trace.durationNanos());
    return new StageTime(
        span, stage, where, span.startNanos() - trace.startNanos(), span.durationNanos() / whole);
  }
}
