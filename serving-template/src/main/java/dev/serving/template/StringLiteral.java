package dev.serving.template;

/** A quoted string in a template, its escapes resolved as in Python; {@code end} is behind it. */
record StringLiteral(String value, int end) {
  static StringLiteral read(Source source, int begin) {
    return new Reader(source, begin).read();
  }

  private static final class Reader {
    private final Source source;
    private final String text;
    private final int begin;
    private final StringBuilder value = new StringBuilder();
    private int at;

    Reader(Source source, int begin) {
      this.source = source;
      this.text = source.text();
      this.begin = begin;
      this.at = begin + 1;
    }

    StringLiteral read() {
      char quote = text.charAt(begin);
      for (char c = next(); c != quote; c = next()) {
        if (c == '\\') {
          escape(next());
        } else {
          value.append(c);
        }
      }
      return new StringLiteral(value.toString(), at);
    }

    private char next() {
      if (at >= text.length()) {
        throw source.syntax(begin, "a string is not closed");
      }
      return text.charAt(at++);
    }

    private void escape(char c) {
      switch (c) {
        case 'n' -> value.append('\n');
        case 't' -> value.append('\t');
        case 'r' -> value.append('\r');
        case 'b' -> value.append('\b');
        case 'f' -> value.append('\f');
        case 'v' -> value.append('\u000b');
        case 'a' -> value.append('\u0007');
        case '\\', '\'', '"' -> value.append(c);
        case '\n' -> {} // a line that goes on
        case 'x' -> hex(2);
        case 'u' -> hex(4);
        case 'U' -> hex(8);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(c - '0');
        default -> value.append('\\').append(c);
      }
    }

    private void hex(int digits) {
      try {
        value.appendCodePoint(Integer.parseInt(text.substring(at, at + digits), 16));
        at += digits;
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        throw source.syntax(at, "expected " + digits + " hexadecimal digits of a character");
      }
    }

    private void octal(int first) {
      int code = first;
      for (int i = 0; i < 2 && at < text.length(); i++) {
        int digit = Character.digit(text.charAt(at), 8);
        if (digit < 0) {
          break;
        }
        code = code * 8 + digit;
        at++;
      }
      value.append((char) code);
    }
  }
}
