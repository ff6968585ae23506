package dev.serving.viewer.chart;

/** Makes strangers' text fit for a terminal, which obeys control characters. */
public final class Printable {
  private Printable() {}

  /** The text with a question mark for whatever is not printable ASCII. */
  public static String text(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> safe.append(c >= ' ' && c <= '~' ? (char) c : '?'));
    return safe.toString();
  }

  /** The printable text, cut or filled with spaces to exactly so many columns. */
  static String fit(String text, int width) {
    String safe = text(text);
    if (safe.length() <= width) {
      return safe + " ".repeat(width - safe.length());
    }
    return width < 4 ? safe.substring(0, width) : safe.substring(0, width - 2) + "..";
  }
}
