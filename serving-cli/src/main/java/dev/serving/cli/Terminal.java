package dev.serving.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody looks. */
final class Terminal {
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether standard error is a terminal, so that a line may be written over. */
  static boolean watchesErrors() {
    try {
      String to = Files.readSymbolicLink(STDERR).toString();
      return to.startsWith("/dev/pts/") || to.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // not Linux: the JDK tells only of all streams together, and 22 not even that
    }
  }
}
