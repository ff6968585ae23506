package dev.serving.viewer.chart;

import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;

/** One bar of a text drawing: {@code [DECODE=====]}, {@code [D]}, {@code D} if there is no room. */
final class TextBar {
  private TextBar() {}

  static void draw(char[] row, StoredSpan span, StoredTrace trace) {
    int from = column(span.startNanos(), trace, row.length);
    int to = Math.max(from + 1, column(span.endNanos(), trace, row.length));
    from = Math.min(from, row.length - 1);
    to = Math.min(to, row.length);
    String bar = bar(Printable.text(span.name()), to - from, span.failed() ? '!' : '=');
    bar.getChars(0, to - from, row, from);
  }

  private static int column(long nanos, StoredTrace trace, int width) {
    double whole = Math.max(1, trace.durationNanos());
    return (int) Math.round((nanos - trace.startNanos()) / whole * width);
  }

  private static String bar(String name, int width, char fill) {
    if (width < 3) {
      return (name.isEmpty() ? "|" : name.substring(0, 1)) + "|".repeat(width - 1);
    }
    String inside =
        name.length() <= width - 2 ? name : name.substring(0, Math.min(name.length(), width - 2));
    return "[" + inside + String.valueOf(fill).repeat(width - 2 - inside.length()) + "]";
  }
}
