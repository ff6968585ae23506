package dev.serving.trace.export;

/** What came of an attempt to deliver some spans. */
sealed interface SpanReceipt {

  /**
   * Taken, but for some.
   *
   * @param rejected how many of the spans were not
   * @param why what the receiver said about them
   * @param bytes length of the message, before compression
   */
  record Delivered(long rejected, String why, long bytes) implements SpanReceipt {}

  /**
   * Not now.
   *
   * @param fault what kind of fault it was
   * @param why for the log
   */
  record Later(ExportFault fault, String why) implements SpanReceipt {}

  /**
   * Never.
   *
   * @param why for the log
   */
  record Refused(String why) implements SpanReceipt {}

  /** Not sent: as one message they would be longer than allowed. */
  record TooLarge() implements SpanReceipt {}
}
