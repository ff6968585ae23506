package dev.serving.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody looks. */
final class Terminal {
  private static final Path STDIN = Path.of("/proc/self/fd/0");
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether standard error is a terminal, so that a line may be written over. */
  static boolean watchesErrors() {
    return isOne(STDERR);
  }

  /** Whether standard input is a terminal, so that somebody types. */
  static boolean types() {
    return isOne(STDIN);
  }

  /**
   * Ends the line in which a terminal shows Ctrl-C or Ctrl-D, so that the next one is a new one.
   */
  static void endLine() {
    if (watchesErrors()) {
      System.err.println();
    }
  }

  private static boolean isOne(Path stream) {
    try {
      String to = Files.readSymbolicLink(stream).toString();
      return to.startsWith("/dev/pts/") || to.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // not Linux: the JDK tells only of all streams together, and 22 not even that
    }
  }
}
