package dev.serving.viewer.store;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Which traces to list; begin with {@link #latest}.
 *
 * @param spans for each of these the trace must have a span
 * @param text part of a name, an attribute's value, an error's message or the trace id, in any case
 * @param duration of the whole trace, in nanoseconds
 * @param start of the whole trace, in nanoseconds since the epoch
 * @param errorsOnly only traces with a failed span
 * @param pinnedOnly only traces that are pinned
 * @param order in which order, and which ones of too many
 * @param limit number of traces at most
 */
@RecordBuilder
public record TraceQuery(
    List<SpanQuery> spans,
    String text,
    Range duration,
    Range start,
    boolean errorsOnly,
    boolean pinnedOnly,
    TraceOrder order,
    int limit)
    implements TraceQueryBuilder.With {

  /**
   * From one number to another, both included.
   *
   * @param min the least
   * @param max the greatest
   */
  public record Range(long min, long max) {
    /** Every number. */
    public static final Range ANY = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

    boolean holds(long value) {
      return value >= min && value <= max;
    }
  }

  /** Checks that there is a limit. */
  public TraceQuery {
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(order, "order");
    spans = spans.stream().filter(span -> !span.equals(SpanQuery.ANY)).toList();
    text = text.toLowerCase(Locale.ROOT);
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be positive, was " + limit);
    }
  }

  /** The latest traces, so many at most. */
  public static TraceQuery latest(int limit) {
    return new TraceQuery(
        List.of(), "", Range.ANY, Range.ANY, false, false, TraceOrder.LATEST, limit);
  }

  /** The same, but only traces with such a span too. */
  public TraceQuery withSpan(SpanQuery span) {
    List<SpanQuery> more = new ArrayList<>(spans);
    more.add(span);
    return withSpans(more);
  }

  boolean matches(StoredTrace trace, TraceSummary summary) {
    return duration.holds(summary.durationNanos())
        && start.holds(summary.startNanos())
        && (!errorsOnly || summary.errors() > 0)
        && spans.stream().allMatch(span -> trace.spans().stream().anyMatch(span::matches))
        && (text.isEmpty() || TextSearch.occurs(text, trace));
  }
}
