package dev.serving.trace.export;

/** What can go wrong on the way of finished spans; some of it loses them. */
public enum ExportFault {
  /** No connection to the receiver, or it broke. */
  UNREACHABLE,
  /** The receiver did not answer in time. */
  TIMEOUT,
  /** The receiver asks to be asked later. */
  BUSY,
  /** The receiver will not take a request or some of its spans. */
  REJECTED,
  /** The exporter that was given reported a failure. */
  EXPORTER_FAILED,
  /** There was no room in the queue. */
  QUEUE_FULL,
  /** A span was larger than a batch may be. */
  TOO_LARGE,
  /** A batch could not be delivered before its deadline. */
  DEADLINE,
  /** A span came after closing, or closing could not wait for its delivery. */
  CLOSED,
  /** A fault of this library. */
  INTERNAL
}
