package dev.serving.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * What a request begins under. What is needed of it is kept here, and never read back from a {@code
 * Context} that it was put into: somebody else's bridge may have left it out.
 *
 * @param around what else is current where the request is
 * @param asked what the sampler is asked with
 * @param span the parent, or the root if it is inherited; invalid for none
 */
record Parent(Context around, Context asked, Span span) {
  /** Returns the current span of a context as parent; without a context there is none. */
  static Parent of(@Nullable Context given) {
    return given == null || given == Context.root()
        ? new Parent(Context.current(), Context.root(), Span.getInvalid())
        : new Parent(given, given, spanOf(given));
  }

  /** The context may be of anybody's making, and throw. */
  private static Span spanOf(Context given) {
    try {
      return Span.fromContext(given);
    } catch (RuntimeException theirs) {
      return Span.getInvalid();
    }
  }

  /** Returns the root of a carrier as parent. */
  static Parent of(TraceCarrier carrier) {
    Context context = carrier.in(Context.current());
    return new Parent(context, context, Span.wrap(carrier.root()));
  }

  /** Returns a span of ours as parent, in place of this one. */
  Parent with(RootSpan span) {
    Context context = CurrentSpan.in(around, span);
    return new Parent(context, context, span);
  }

  SpanContext context() {
    return span.getSpanContext();
  }
}
