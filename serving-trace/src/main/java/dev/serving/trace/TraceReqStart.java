package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Tracing#startRequest(TraceReqStart)} needs to know of a request. Immutable: each
 * {@code with…} method returns a changed copy.
 *
 * @param rid the request's id, opaque; becomes the attribute {@code rid}
 * @param role who serves it; only used for the default name, {@code "<role> Req"}
 * @param spanName the root's name; empty for the default
 * @param kind the root's kind
 * @param parent the caller's context, for instance extracted from {@code traceparent}; null for
 *     none
 * @param ts when the request began, in nanoseconds since the epoch; 0 for now
 * @param attributes the root's first attributes; the sampler sees them
 * @param forced whether the client wishes the request recorded whatever the sampler says; counts
 *     only where the operator allows it ({@link TracingConfig#forcing})
 * @param decided whether it is recorded without the sampler being asked, since what it tells of is
 *     recorded: for what a server traces beside its requests
 * @param inherit whether a recording span in {@code parent} is used as the root instead of a new
 *     one; it stays its owner's, who ends it
 * @param module the part of the server that asks, for the module filter; empty is never filtered
 */
@RecordBuilder
public record TraceReqStart(
    String rid,
    String role,
    String spanName,
    SpanKind kind,
    @Nullable Context parent,
    long ts,
    Attributes attributes,
    boolean forced,
    boolean decided,
    boolean inherit,
    String module)
    implements TraceReqStartBuilder.With {

  /** Replaces null by the default of each option but the parent. */
  public TraceReqStart {
    rid = Objects.requireNonNullElse(rid, "");
    role = Objects.requireNonNullElse(role, "");
    spanName = Objects.requireNonNullElse(spanName, "");
    kind = Objects.requireNonNullElse(kind, SpanKind.SERVER);
    attributes = Objects.requireNonNullElse(attributes, Attributes.empty());
    module = Objects.requireNonNullElse(module, "");
  }

  /** Returns the start of a request without a parent, of kind SERVER, now. */
  public static TraceReqStart of(String rid) {
    return new TraceReqStart(rid, null, null, null, null, 0, null, false, false, false, null);
  }

  /** The same with another role. */
  public TraceReqStart withRole(@Nullable CharSequence newRole) {
    return withRole(TraceSpanName.of(newRole));
  }

  /** The same with another name of the root. */
  public TraceReqStart withSpanName(@Nullable CharSequence newName) {
    return withSpanName(TraceSpanName.of(newName));
  }

  /** Returns the root's name: the given one, else {@code "<role> Req"}, else {@code "Req"}. */
  String name() {
    if (!spanName.isEmpty()) {
      return spanName;
    }
    return role.isBlank() || "null".equals(role) ? "Req" : role.strip() + " Req";
  }
}
