package dev.serving.trace;

import java.io.IOException;

/** An open connection to a receiver of OTLP, in either protocol. For one thread. */
interface OtlpConnection {

  /**
   * Sends one request and waits for its answer.
   *
   * @throws IOException if the connection broke; it is of no more use then
   */
  SpanReceipt post(byte[] bytes, int from, int length) throws IOException;

  /** Whether another request can be sent. */
  boolean usable();
}
