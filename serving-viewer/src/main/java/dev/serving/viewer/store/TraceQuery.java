package dev.serving.viewer.store;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which traces to list; begin with {@link #latest}. Service, operation and tags must hold of one
 * span together; the rest is asked of the trace.
 *
 * @param service a service's name, empty for any
 * @param operation a span's name, empty for any
 * @param tags attributes of the span or its process, by the text of their values
 * @param text part of a name, an attribute's value, an error's message or the trace id, in any case
 * @param duration of the whole trace, in nanoseconds
 * @param start of the whole trace, in nanoseconds since the epoch
 * @param errorsOnly only traces with a failed span
 * @param limit number of traces at most
 */
public record TraceQuery(
    String service,
    String operation,
    Map<String, String> tags,
    String text,
    Range duration,
    Range start,
    boolean errorsOnly,
    int limit) {

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
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(start, "start");
    tags = Map.copyOf(tags);
    text = text.toLowerCase(Locale.ROOT);
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be positive, was " + limit);
    }
  }

  /** The latest traces, so many at most. */
  public static TraceQuery latest(int limit) {
    return new TraceQuery("", "", Map.of(), "", Range.ANY, Range.ANY, false, limit);
  }

  /** The same, but only traces in which this service took part. */
  public TraceQuery withService(String name) {
    return new TraceQuery(name, operation, tags, text, duration, start, errorsOnly, limit);
  }

  /** The same, but only traces with a span of this name. */
  public TraceQuery withOperation(String name) {
    return new TraceQuery(service, name, tags, text, duration, start, errorsOnly, limit);
  }

  /** The same, but only traces with a span that has these attributes. */
  public TraceQuery withTags(Map<String, String> wanted) {
    return new TraceQuery(service, operation, wanted, text, duration, start, errorsOnly, limit);
  }

  /** The same, but only traces in which this text occurs. */
  public TraceQuery withText(String part) {
    return new TraceQuery(service, operation, tags, part, duration, start, errorsOnly, limit);
  }

  /** The same, but only traces that took so long. */
  public TraceQuery withDuration(Range nanos) {
    return new TraceQuery(service, operation, tags, text, nanos, start, errorsOnly, limit);
  }

  /** The same, but only traces that began then. */
  public TraceQuery withStart(Range nanos) {
    return new TraceQuery(service, operation, tags, text, duration, nanos, errorsOnly, limit);
  }

  /** The same, but only traces with an error, or all again. */
  public TraceQuery withErrorsOnly(boolean only) {
    return new TraceQuery(service, operation, tags, text, duration, start, only, limit);
  }

  boolean matches(StoredTrace trace, TraceSummary summary) {
    return duration.holds(summary.durationNanos())
        && start.holds(summary.startNanos())
        && (!errorsOnly || summary.errors() > 0)
        && (!asksOfSpan() || trace.spans().stream().anyMatch(this::matchesSpan))
        && (text.isEmpty() || TextSearch.occurs(text, trace));
  }

  private boolean asksOfSpan() {
    return !service.isEmpty() || !operation.isEmpty() || !tags.isEmpty();
  }

  private boolean matchesSpan(StoredSpan span) {
    return (service.isEmpty() || span.service().equals(service))
        && (operation.isEmpty() || span.name().equals(operation))
        && tags.entrySet().stream().allMatch(tag -> hasTag(span, tag.getKey(), tag.getValue()));
  }

  private static boolean hasTag(StoredSpan span, String key, String value) {
    if (key.equals("error")) {
      return String.valueOf(span.failed()).equals(value);
    }
    return span.text(key).equals(value) || span.resource().text(key).equals(value);
  }
}
