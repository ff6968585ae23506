package dev.serving.cli;

import dev.serving.cli.load.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * How far something is, on one line of the terminal that is written over. Behind it the cursor goes
 * back to its beginning, so that another's line, which is longer, takes its place.
 */
final class ProgressLine implements Progress, AutoCloseable {
  private static final int BAR = 30;

  private final PrintWriter terminal;
  private int written;

  /**
   * A line.
   *
   * @param terminal where; null where nobody looks
   */
  ProgressLine(PrintWriter terminal) {
    this.terminal = terminal;
  }

  @Override
  public void at(double share, int ended, int failed, double seconds) {
    int full = (int) (share * BAR);
    write(
        String.format(
            Locale.ROOT,
            "[%s%s] %d requests, %d failed, %.0f s",
            "#".repeat(full),
            ".".repeat(BAR - full),
            ended,
            failed,
            seconds));
  }

  /** Shows a text instead of what is there. */
  void write(String text) {
    if (terminal != null) {
      int over = Math.max(0, written - text.length());
      terminal.print("\r" + text + " ".repeat(over) + "\r");
      terminal.flush();
      written = text.length();
    }
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (written > 0) {
      write("");
    }
  }
}
