package dev.serving.cli;

/**
 * Text of strangers as a log may show it: what a terminal or an eye would take for something else
 * (control characters, directions, joiners, characters without a width) is written by its number.
 */
final class SafeText {
  private SafeText() {}

  /**
   * Escapes a text.
   *
   * @param lines whether it may have several lines, as a stack trace does
   */
  static String of(String text, boolean lines) {
    if (text == null || text.codePoints().allMatch(c -> plain(c, lines))) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(safe, c, lines));
    return safe.toString();
  }

  private static void append(StringBuilder safe, int c, boolean lines) {
    if (plain(c, lines)) {
      safe.appendCodePoint(c);
    } else if (c == '\n') {
      safe.append("\\n");
    } else {
      safe.append(String.format("\\u{%x}", c));
    }
  }

  private static boolean plain(int c, boolean lines) {
    if (c == '\t' || (lines && (c == '\n' || c == '\r'))) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      // Variation selectors and Hangul fillers are letters or marks that nobody sees.
      default ->
          !(c >= 0xFE00 && c <= 0xFE0F)
              && !(c >= 0xE0100 && c <= 0xE01EF)
              && c != 0x034F
              && c != 0x115F
              && c != 0x1160
              && c != 0x3164
              && c != 0xFFA0;
    };
  }
}
