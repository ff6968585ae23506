package dev.serving.core.frontend.http;

/**
 * Hears whether a client reads its answer, so that no more of it is made than it takes. Called by
 * the connection's event loop; must neither block nor throw.
 */
@FunctionalInterface
public interface ReadingListener {
  /**
   * So much waits for the client that it does not read; or it has read, and little waits. By turns,
   * the first time when it does not.
   *
   * @param reads which of them
   * @param nanos when, by {@link System#nanoTime}
   */
  void reads(boolean reads, long nanos);
}
