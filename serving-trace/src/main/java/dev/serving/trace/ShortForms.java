package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The forms of {@link TraceFunctions} that take fewer arguments, other names or maps; each says a
 * longer one in other words. Users find them there.
 */
abstract sealed class ShortForms permits TraceFunctions {
  ShortForms() {}

  /** Names the calling thread's lanes. */
  public static void traceSetThreadInfo(@Nullable String threadLabel, @Nullable Integer tpRank) {
    TraceFunctions.traceSetThreadInfo(threadLabel, tpRank, null);
  }

  /** Names the calling thread's lanes. */
  public static void traceSetThreadInfo(@Nullable String threadLabel) {
    TraceFunctions.traceSetThreadInfo(threadLabel, null, null);
  }

  /** Starts a request now, without a role. */
  public static void traceReqStart(@Nullable String rid) {
    TraceFunctions.traceReqStart(rid, null, null, 0, null);
  }

  /** Starts a request now, without a role. */
  public static void traceReqStart(@Nullable String rid, @Nullable Context parent) {
    TraceFunctions.traceReqStart(rid, null, parent, 0, null);
  }

  /** Starts a request of a room, a text or a number, now and without a role. */
  public static void traceReqStart(@Nullable String rid, @Nullable Object bootstrapRoom) {
    TraceFunctions.traceReqStart(rid, bootstrapRoom, null, 0, null);
  }

  /** Starts a request without a role. */
  public static void traceReqStart(@Nullable String rid, @Nullable Context parent, long ts) {
    TraceFunctions.traceReqStart(rid, null, parent, ts, null);
  }

  /** Starts a request of a room, a text or a number, without a role. */
  public static void traceReqStart(@Nullable String rid, @Nullable Object bootstrapRoom, long ts) {
    TraceFunctions.traceReqStart(rid, bootstrapRoom, null, ts, null);
  }

  /** Starts a request; see the form with a String. */
  public static void traceReqStart(
      @Nullable String rid, @Nullable Context parent, long ts, @Nullable CharSequence role) {
    TraceFunctions.traceReqStart(rid, null, parent, ts, text(role));
  }

  /** Starts a request of a room, a text or a number; see the form with a String. */
  public static void traceReqStart(
      @Nullable String rid, @Nullable Object bootstrapRoom, long ts, @Nullable CharSequence role) {
    TraceFunctions.traceReqStart(rid, bootstrapRoom, null, ts, text(role));
  }

  /** Starts a request in a room; see the form with a String. */
  public static void traceReqStart(
      @Nullable String rid,
      @Nullable Object bootstrapRoom,
      @Nullable Context parent,
      long ts,
      @Nullable CharSequence role) {
    TraceFunctions.traceReqStart(rid, bootstrapRoom, parent, ts, text(role));
  }

  /** Starts a request now. */
  public static void traceReqStart(
      @Nullable String rid, @Nullable Context parent, @Nullable CharSequence role) {
    TraceFunctions.traceReqStart(rid, null, parent, 0, text(role));
  }

  /** Starts a request of a room, a text or a number, now. */
  public static void traceReqStart(
      @Nullable String rid, @Nullable Object bootstrapRoom, @Nullable CharSequence role) {
    TraceFunctions.traceReqStart(rid, bootstrapRoom, null, 0, text(role));
  }

  /** Ends a request; see the form with Attributes. */
  public static void traceReqFinish(
      @Nullable String rid, @Nullable Number ts, @Nullable Map<String, ?> attrs) {
    TraceFunctions.traceReqFinish(rid, ns(ts), known(attrs));
  }

  /** Ends a request. */
  public static void traceReqFinish(@Nullable String rid, long ts) {
    TraceFunctions.traceReqFinish(rid, ts, (Attributes) null);
  }

  /** Ends a request now. */
  public static void traceReqFinish(@Nullable String rid) {
    TraceFunctions.traceReqFinish(rid, 0);
  }

  /** Starts a slice; see the form with a String. */
  public static void traceSliceStart(
      @Nullable CharSequence name, @Nullable String rid, long ts, boolean anonymous) {
    TraceFunctions.traceSliceStart(text(name), rid, ts, anonymous);
  }

  /** Starts a slice. */
  public static void traceSliceStart(@Nullable CharSequence name, @Nullable String rid, long ts) {
    TraceFunctions.traceSliceStart(text(name), rid, ts, false);
  }

  /** Starts a slice now; an anonymous one gets its name at its end. */
  public static void traceSliceStart(
      @Nullable CharSequence name, @Nullable String rid, boolean anonymous) {
    TraceFunctions.traceSliceStart(text(name), rid, 0, anonymous);
  }

  /** Starts a slice now. */
  public static void traceSliceStart(@Nullable CharSequence name, @Nullable String rid) {
    TraceFunctions.traceSliceStart(text(name), rid, 0, false);
  }

  /** Ends a slice; see the form with a String. */
  public static void traceSliceEnd(
      @Nullable CharSequence name,
      @Nullable String rid,
      long ts,
      @Nullable Attributes attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, attrs, autoNextAnon, threadFinishFlag);
  }

  /** Ends a slice; see the form with Attributes. */
  public static void traceSliceEnd(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    TraceFunctions.traceSliceEnd(
        text(name), rid, ns(ts), known(attrs), autoNextAnon, threadFinishFlag);
  }

  /** Ends a slice; null attributes are none. */
  public static void traceSliceEnd(
      @Nullable CharSequence name, @Nullable String rid, long ts, @Nullable Attributes attrs) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, attrs, false, false);
  }

  /** Ends a slice; see the form with Attributes. */
  public static void traceSliceEnd(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs) {
    TraceFunctions.traceSliceEnd(name, rid, ts, attrs, false, false);
  }

  /** Ends a slice; an anonymous one may begin at the same instant. */
  public static void traceSliceEnd(
      @Nullable CharSequence name,
      @Nullable String rid,
      long ts,
      @Nullable Attributes attrs,
      boolean autoNextAnon) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, attrs, autoNextAnon, false);
  }

  /** Ends a slice; see the form with Attributes. */
  public static void traceSliceEnd(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs,
      boolean autoNextAnon) {
    TraceFunctions.traceSliceEnd(name, rid, ts, attrs, autoNextAnon, false);
  }

  /** Ends a slice. */
  public static void traceSliceEnd(@Nullable CharSequence name, @Nullable String rid, long ts) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, null, false, false);
  }

  /** Ends a slice now, and the lane too if the thread is done with the request. */
  public static void traceSliceEnd(
      @Nullable CharSequence name, @Nullable String rid, boolean threadFinishFlag) {
    TraceFunctions.traceSliceEnd(text(name), rid, 0, null, false, threadFinishFlag);
  }

  /** Ends a slice now. */
  public static void traceSliceEnd(@Nullable CharSequence name, @Nullable String rid) {
    TraceFunctions.traceSliceEnd(text(name), rid, 0, null, false, false);
  }

  /** Ends a slice; see the form with a String. */
  public static void traceSlice(
      @Nullable CharSequence name,
      @Nullable String rid,
      long ts,
      @Nullable Attributes attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, attrs, autoNextAnon, threadFinishFlag);
  }

  /** Ends a slice; see the form with Attributes. */
  public static void traceSlice(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    TraceFunctions.traceSliceEnd(
        text(name), rid, ns(ts), known(attrs), autoNextAnon, threadFinishFlag);
  }

  /** Ends a slice; null attributes are none. */
  public static void traceSlice(
      @Nullable CharSequence name, @Nullable String rid, long ts, @Nullable Attributes attrs) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, attrs, false, false);
  }

  /** Ends a slice; see the form with Attributes. */
  public static void traceSlice(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs) {
    TraceFunctions.traceSlice(name, rid, ts, attrs, false, false);
  }

  /** Ends a slice; an anonymous one may begin at the same instant. */
  public static void traceSlice(
      @Nullable CharSequence name,
      @Nullable String rid,
      long ts,
      @Nullable Attributes attrs,
      boolean autoNextAnon) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, attrs, autoNextAnon, false);
  }

  /** Ends a slice; see the form with Attributes. */
  public static void traceSlice(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs,
      boolean autoNextAnon) {
    TraceFunctions.traceSliceEnd(name, rid, ts, attrs, autoNextAnon, false);
  }

  /** Ends a slice. */
  public static void traceSlice(@Nullable CharSequence name, @Nullable String rid, long ts) {
    TraceFunctions.traceSliceEnd(text(name), rid, ts, null, false, false);
  }

  /** Ends a slice now, and the lane too if the thread is done with the request. */
  public static void traceSlice(
      @Nullable CharSequence name, @Nullable String rid, boolean threadFinishFlag) {
    TraceFunctions.traceSliceEnd(text(name), rid, 0, null, false, threadFinishFlag);
  }

  /** Ends a slice now. */
  public static void traceSlice(@Nullable CharSequence name, @Nullable String rid) {
    TraceFunctions.traceSliceEnd(text(name), rid, 0, null, false, false);
  }

  /** Adds a slice that is already over; see the form with a String. */
  public static void traceReportSpan(
      @Nullable CharSequence name,
      @Nullable String rid,
      long startNs,
      long endNs,
      @Nullable Attributes attrs,
      boolean threadFinishFlag) {
    TraceFunctions.traceReportSpan(text(name), rid, startNs, endNs, attrs, threadFinishFlag);
  }

  /** Adds a slice that is already over; see the form with Attributes. */
  public static void traceReportSpan(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number startNs,
      @Nullable Number endNs,
      @Nullable Map<String, ?> attrs,
      boolean threadFinishFlag) {
    TraceFunctions.traceReportSpan(
        text(name), rid, ns(startNs), ns(endNs), known(attrs), threadFinishFlag);
  }

  /** Adds a slice that is already over. */
  public static void traceReportSpan(
      @Nullable CharSequence name, @Nullable String rid, long startNs, long endNs) {
    TraceFunctions.traceReportSpan(text(name), rid, startNs, endNs, null, false);
  }

  /** Adds a slice that is already over; null attributes are none. */
  public static void traceReportSpan(
      @Nullable CharSequence name,
      @Nullable String rid,
      long startNs,
      long endNs,
      @Nullable Attributes attrs) {
    TraceFunctions.traceReportSpan(text(name), rid, startNs, endNs, attrs, false);
  }

  /** Adds a slice that is already over; see the form with Attributes. */
  public static void traceReportSpan(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number startNs,
      @Nullable Number endNs,
      @Nullable Map<String, ?> attrs) {
    TraceFunctions.traceReportSpan(name, rid, startNs, endNs, attrs, false);
  }

  /** Adds an event; see the form with a String. */
  public static void traceEvent(
      @Nullable CharSequence name, @Nullable String rid, long ts, @Nullable Attributes attrs) {
    TraceFunctions.traceEvent(text(name), rid, ts, attrs);
  }

  /** Adds an event; see the form with Attributes. */
  public static void traceEvent(
      @Nullable CharSequence name,
      @Nullable String rid,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs) {
    TraceFunctions.traceEvent(name, rid, ns(ts), known(attrs));
  }

  /** Adds an event. */
  public static void traceEvent(@Nullable CharSequence name, @Nullable String rid, long ts) {
    TraceFunctions.traceEvent(name, rid, ts, (Attributes) null);
  }

  /** Adds an event now. */
  public static void traceEvent(@Nullable CharSequence name, @Nullable String rid) {
    TraceFunctions.traceEvent(name, rid, 0);
  }

  /** Joins a request now. */
  public static void traceSetProcPropagateContext(
      @Nullable String rid, @Nullable TraceCarrier carrier) {
    TraceFunctions.traceSetProcPropagateContext(rid, carrier, 0);
  }

  /** Ends a slice of every request of a batch; see the other form. */
  public static void traceSliceBatch(
      @Nullable String name, @Nullable Collection<? extends TracedRequest> requests) {
    TraceFunctions.traceSliceBatch((CharSequence) name, requests);
  }

  /** Adds an event to each of a batch; see the form with Attributes. */
  public static void traceEventBatch(
      @Nullable CharSequence name,
      @Nullable Collection<? extends TracedRequest> requests,
      @Nullable Number ts,
      @Nullable Map<String, ?> attrs) {
    TraceFunctions.traceEventBatch(text(name), requests, ns(ts), known(attrs));
  }

  /** Adds an event to each of a batch. */
  public static void traceEventBatch(
      @Nullable CharSequence name,
      @Nullable Collection<? extends TracedRequest> requests,
      long ts,
      @Nullable Attributes attrs) {
    TraceFunctions.traceEventBatch(text(name), requests, ts, attrs);
  }

  /** Adds an event to each of a batch now. */
  public static void traceEventBatch(
      @Nullable CharSequence name, @Nullable Collection<? extends TracedRequest> requests) {
    TraceFunctions.traceEventBatch(text(name), requests, 0, (Attributes) null);
  }

  /** Does some work inside a span; see the form with a String. */
  public static <T> T traceSpan(@Nullable CharSequence spanName, Callable<T> work)
      throws Exception {
    return TraceFunctions.traceSpan(text(spanName), work);
  }

  /** A map as attributes; null, without a look at it, while tracing is off. */
  private static @Nullable Attributes known(@Nullable Map<String, ?> attrs) {
    return TraceFunctions.isOn() ? MapAttributes.of(attrs) : null;
  }

  static String text(@Nullable CharSequence given) {
    return given == null ? "" : given.toString();
  }

  static long ns(@Nullable Number ts) {
    return ts == null ? 0 : ts.longValue();
  }
}
