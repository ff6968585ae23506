package dev.serving.core.frontend.http;

/**
 * How an exchange ended.
 *
 * @param kind whether the client got all of the answer
 * @param nanos when, by {@link System#nanoTime}
 * @param bodyBytes bytes of the answer's body that were handed to the socket or waited for it
 */
public record Ending(Kind kind, long nanos, long bodyBytes) {
  /** How an exchange ends. */
  public enum Kind {
    /** The last byte was written. */
    WRITTEN,
    /** The client closed its connection. */
    CLIENT_GONE,
    /** The client did not read, and the connection was closed on it. */
    CLIENT_SLOW
  }
}
