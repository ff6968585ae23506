package dev.serving.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A quoted string in a template, its escapes resolved as in Python; {@code end} is behind it. */
record StringLiteral(String value, int end) {
  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(?:x(\\p{XDigit}{2})|u(\\p{XDigit}{4})|U(00(?:0\\p{XDigit}|10)\\p{XDigit}{4})|([0-7]{1,3})|([^xuU]))",
          Pattern.DOTALL);
  private static final String PLAIN = "\\'\"nrtbfva";
  private static final String RESOLVED = "\\'\"\n\r\t\b\f\u000b\u0007";

  static StringLiteral read(Source source, int begin) {
    String text = source.text();
    StringBuilder value = new StringBuilder();
    Matcher escape = ESCAPE.matcher(text);
    int at = begin + 1;
    while (at < text.length() && text.charAt(at) != text.charAt(begin)) {
      if (text.charAt(at) != '\\') {
        value.append(text.charAt(at++));
      } else if (escape.region(at, text.length()).lookingAt()) {
        resolve(escape, value);
        at = escape.end();
      } else {
        throw source.syntax(at, "a character's code needs 2, 4 or 8 hexadecimal digits");
      }
    }
    if (at >= text.length()) {
      throw source.syntax(begin, "a string is not closed");
    }
    return new StringLiteral(value.toString(), at + 1);
  }

  private static void resolve(Matcher escape, StringBuilder value) {
    for (int group = 1; group <= 4; group++) {
      if (escape.group(group) != null) {
        value.appendCodePoint(Integer.parseUnsignedInt(escape.group(group), group < 4 ? 16 : 8));
        return;
      }
    }
    int plain = PLAIN.indexOf(escape.group(5));
    if (plain >= 0) {
      value.append(RESOLVED.charAt(plain));
    } else if (!escape.group(5).equals("\n")) { // behind which the string goes on
      value.append(escape.group());
    }
  }
}
