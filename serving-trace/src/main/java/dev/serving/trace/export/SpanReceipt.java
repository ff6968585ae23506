package dev.serving.trace.export;

import java.time.Duration;

/** What came of an attempt to deliver a load of spans. */
sealed interface SpanReceipt {

  /**
   * Taken, but for some.
   *
   * @param rejected how many of the spans were not
   * @param why what the receiver said about them
   * @param bytes length of the request
   */
  record Delivered(long rejected, String why, long bytes) implements SpanReceipt {}

  /**
   * Not now.
   *
   * @param fault what kind of fault it was
   * @param pause what the receiver asks to wait; zero if it said nothing
   * @param why for the log
   */
  record Later(ExportFault fault, Duration pause, String why) implements SpanReceipt {}

  /**
   * Never.
   *
   * @param why for the log
   */
  record Refused(String why) implements SpanReceipt {}
}
