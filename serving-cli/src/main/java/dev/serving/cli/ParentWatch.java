package dev.serving.cli;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends a child process when its parent is gone.
 *
 * <p>The parent holds the other end of the child's standard input and never writes to it after the
 * settings. End-of-file therefore means that the parent has ended, also after {@code kill -9}.
 */
final class ParentWatch {
  private ParentWatch() {}

  /**
   * Watches on a daemon thread.
   *
   * @param input the child's standard input, the settings already read
   * @param gone run once when the parent is gone
   */
  static void start(InputStream input, Runnable gone) {
    Thread thread = new Thread(() -> awaitEnd(input, gone), "parent-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void awaitEnd(InputStream input, Runnable gone) {
    try {
      while (input.read() >= 0) {
        // The parent says nothing more; a byte has no meaning.
      }
    } catch (IOException e) {
      // A broken pipe is an end too.
    }
    gone.run();
  }
}
