package dev.serving.trace.export;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;

/**
 * Carries spans to where they go, one load at a time. Each sender has one of its own, so it need
 * not be safe for several threads, except {@link #close}.
 */
interface SpanCourier extends AutoCloseable {

  /**
   * Takes the last spans before {@code end} on board, as many as one request holds.
   *
   * @return the index of the first one on board; {@code end} if not even the last one fits
   */
  int load(SpanData[] spans, int end);

  /** Tries once to deliver the load, which stays on board for another try. */
  SpanReceipt send(Duration timeout) throws InterruptedException;

  /** Gives up a running attempt and frees what is held. May be called from any thread, twice. */
  @Override
  void close();
}
