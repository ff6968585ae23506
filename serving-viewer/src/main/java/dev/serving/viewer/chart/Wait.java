package dev.serving.viewer.chart;

import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.StoredSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Time between two stages in which the request was in neither: on its way, or waiting.
 *
 * @param name both ends, {@code PREPROCESSING → SCHEDULE}
 * @param after the stage that it waited for
 * @param fromNanos since the epoch
 * @param toNanos since the epoch
 */
public record Wait(String name, StoredSpan after, long fromNanos, long toNanos) {

  /** Every gap before a stage, by begin; each rank waits for itself. */
  public static List<Wait> of(LaneChart chart) {
    Map<String, StoredSpan> stages = new HashMap<>();
    StageTime.of(chart).forEach(time -> stages.put(time.span().spanId(), time.span()));
    List<Wait> waits = new ArrayList<>();
    for (StoredSpan stage : stages.values()) {
      StoredSpan before = before(stage, stages).orElse(null);
      if (before != null && before.endNanos() < stage.startNanos()) {
        waits.add(
            new Wait(
                before.name() + " → " + stage.name(),
                stage,
                before.endNanos(),
                stage.startNanos()));
      }
    }
    waits.sort(Comparator.comparingLong(Wait::fromNanos).thenComparing(Wait::name));
    return List.copyOf(waits);
  }

  /** How long, in nanoseconds. */
  public long durationNanos() {
    return toNanos - fromNanos;
  }

  private static Optional<StoredSpan> before(StoredSpan stage, Map<String, StoredSpan> stages) {
    return stage.links().stream()
        .filter(link -> link.traceId().equals(stage.traceId()))
        .map(SpanLink::spanId)
        .map(stages::get)
        .filter(found -> found != null && !found.equals(stage))
        .max(Comparator.comparingLong(StoredSpan::endNanos));
  }
}
