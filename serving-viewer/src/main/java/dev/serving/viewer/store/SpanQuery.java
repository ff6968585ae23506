package dev.serving.viewer.store;

import dev.serving.viewer.store.TraceQuery.Range;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Objects;

/**
 * What must hold of one span, all of it together.
 *
 * @param service its service's name, empty for any
 * @param operation its name, empty for any
 * @param attributes what its attributes must be
 * @param duration how long it took, in nanoseconds
 * @param start when it began, in nanoseconds since the epoch
 */
@RecordBuilder
public record SpanQuery(
    String service, String operation, List<AttributeFilter> attributes, Range duration, Range start)
    implements SpanQueryBuilder.With {
  /** Any span at all. */
  public static final SpanQuery ANY = new SpanQuery("", "", List.of(), Range.ANY, Range.ANY);

  /** Checks that nothing is null. */
  public SpanQuery {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(start, "start");
    attributes = List.copyOf(attributes);
  }

  boolean matches(StoredSpan span) {
    return (service.isEmpty() || span.service().equals(service))
        && (operation.isEmpty() || span.name().equals(operation))
        && duration.holds(span.durationNanos())
        && start.holds(span.startNanos())
        && attributes.stream().allMatch(attribute -> attribute.matches(span));
  }
}
