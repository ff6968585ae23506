package dev.serving.template;

/** Python's {@code repr()} of a string. */
final class TextRepr {
  private TextRepr() {}

  static void write(Text text, TextBuilder out) {
    boolean single = text.toString().indexOf('\'') >= 0 && text.toString().indexOf('"') < 0;
    String quote = single ? "\"" : "'";
    out.append(quote);
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      if (c == quote.charAt(0) || c == '\\') {
        out.append("\\", text.marked(i)).append(text.marked(i));
      } else if (c == ' ' || isPrintable(c)) {
        out.append(text.marked(i));
      } else {
        out.append(escape(c), text.marked(i));
      }
    }
    out.append(quote);
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          c < 0x100
              ? String.format("\\x%02x", c)
              : c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
    };
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
