package dev.serving.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * All that the functions do where tracing is off: what came in with a request goes on with it, so
 * that a process without tracing between two with it does not cut their trace.
 */
final class PassedOn {
  private static final int MOST = 16_384;

  private final RecentMap<TraceCarrier> carriers = new RecentMap<>(MOST);

  void start(String rid, @Nullable Context parent) {
    boolean inside = Span.current().getSpanContext().isValid();
    Context context = inside ? Context.current() : parent;
    if (context != null) {
      join(rid, TraceCarrier.passedOn(context));
    }
  }

  void join(String rid, @Nullable TraceCarrier carrier) {
    if (carrier != null && !carrier.isNone()) {
      carriers.putIfAbsent(rid, carrier);
    }
  }

  TraceCarrier carrier(String rid) {
    TraceCarrier carrier = carriers.get(rid);
    return carrier == null ? TraceCarrier.none() : carrier;
  }

  void finish(String rid) {
    carriers.remove(rid);
  }
}
