package dev.serving.viewer.store;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One finished span as it was received; immutable.
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param spanId 16 lower-case hexadecimal digits
 * @param parentId the parent's span id, empty where there is none
 * @param traceState W3C tracestate, may be empty
 * @param flags OTLP's span flags: trace flags in the low byte, 0x100 and 0x200 say of the parent
 *     whether its place is known and whether it is remote
 * @param name what was done
 * @param kind the part it plays
 * @param startNanos begin, in nanoseconds since the epoch
 * @param endNanos end, in nanoseconds since the epoch, never before the begin
 * @param attributes each value a String, Long, Double, Boolean, List or Map of those, or null;
 *     bytes arrive as base64 text
 * @param events in the order in which they came
 * @param links in the order in which they came
 * @param status how it ended
 * @param resource the process it ran in
 * @param scope the instrumentation that made it
 */
public record StoredSpan(
    String traceId,
    String spanId,
    String parentId,
    String traceState,
    int flags,
    String name,
    SpanKind kind,
    long startNanos,
    long endNanos,
    Map<String, Object> attributes,
    List<SpanEvent> events,
    List<SpanLink> links,
    SpanStatus status,
    SpanResource resource,
    SpanScope scope) {
  private static final int PARENT_IS_REMOTE = 0x200;

  /** Checks the ids; puts an end that lies before the begin on the begin. */
  public StoredSpan {
    requireHex(traceId, 32, "traceId");
    requireHex(spanId, 16, "spanId");
    if (!parentId.isEmpty()) {
      requireHex(parentId, 16, "parentId");
    }
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(scope, "scope");
    endNanos = Math.max(startNanos, endNanos);
    attributes = Collections.unmodifiableMap(attributes);
    events = List.copyOf(events);
    links = List.copyOf(links);
  }

  /** Begin to end, in nanoseconds. */
  public long durationNanos() {
    return endNanos - startNanos;
  }

  /** Whether it ended in an error. */
  public boolean failed() {
    return status.code() == SpanStatus.Code.ERROR;
  }

  /** The name of the service that it ran in. */
  public String service() {
    return resource.service();
  }

  /** Whether its parent lies in another process, as far as the sender said. */
  public boolean parentIsRemote() {
    return (flags & PARENT_IS_REMOTE) != 0;
  }

  /** The attribute as text, empty where it is missing. */
  public String text(String key) {
    Object value = attributes.get(key);
    return value == null ? "" : value.toString();
  }

  private static void requireHex(String id, int digits, String what) {
    if (!HexId.isValid(id, digits)) {
      throw new IllegalArgumentException(
          what + " must be " + digits + " lower-case hexadecimal digits, not all zero: " + id);
    }
  }
}
