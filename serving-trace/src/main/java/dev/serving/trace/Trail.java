package dev.serving.trace;

import io.opentelemetry.api.trace.SpanContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a request has been: the last spans of its lanes that have ended, which is what comes next
 * links to. Any thread.
 */
final class Trail {
  private volatile SpanContext last = SpanContext.getInvalid();

  /** By the thread's number; null while none has left. */
  private @Nullable Map<Long, SpanContext> left;

  /** Returns where the request was last, on whatever thread; what the root says of nowhere. */
  SpanContext last(Root root) {
    SpanContext known = last;
    return known.isValid() ? known : root.before();
  }

  /** Returns where this thread left the request; null if it never had a lane that has ended. */
  synchronized @Nullable SpanContext of(Thread thread) {
    return left == null ? null : left.get(thread.getId());
  }

  /** Returns what a new lane of this thread follows. */
  SpanContext before(Thread thread, Root root) {
    SpanContext here = of(thread);
    return here != null && here.isValid() ? here : root.before();
  }

  /** A lane has ended; {@code span} was its last. */
  void ended(SpanContext span) {
    last = span;
  }

  /** It was the one by which its thread is found: who comes back goes on from there. */
  synchronized void left(long threadId, SpanContext span) {
    if (left == null) {
      left = new HashMap<>(4);
    }
    left.put(threadId, span);
  }
}
