package dev.serving.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into text and tags as Jinja does with {@code trim_blocks} and {@code
 * lstrip_blocks}; {@link ExpressionLexer} cuts up the inside of a tag.
 */
final class Lexer {
  private static final Pattern TAG = Pattern.compile("\\{[{%#]");
  private static final Pattern RAW = Pattern.compile("\\s*raw\\s*(-?)%\\}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");

  private final Source source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  private Lexer(Source source) {
    this.source = source;
    this.text = source.text();
  }

  static List<Token> tokens(Source source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    Matcher tag = TAG.matcher(text);
    while (tag.find(position)) {
      char kind = text.charAt(tag.start() + 1);
      char sign = signAt(tag.end());
      data(position, tag.start(), sign, kind != '{');
      position = tag.end() + (sign == 0 ? 0 : 1);
      switch (kind) {
        case '#' -> comment(position);
        case '%' -> block(tag.start());
        default -> expression(tag.start(), TokenType.PRINT_BEGIN, "}}", TokenType.PRINT_END);
      }
    }
    data(position, text.length(), '+', false);
    tokens.add(new Token(TokenType.END, "", text.length()));
  }

  private char signAt(int at) {
    char c = at < text.length() ? text.charAt(at) : 0;
    return c == '-' || c == '+' ? c : 0;
  }

  /** Adds text before a tag, less the blanks that the tag's sign or its own line removes. */
  private void data(int begin, int end, char sign, boolean stripLine) {
    int to = end;
    if (sign == '-') {
      while (to > begin && Text.isSpace(text.charAt(to - 1))) {
        to--;
      }
    } else if (sign != '+' && stripLine) {
      int line = end;
      while (line > begin && isBlank(text.charAt(line - 1))) {
        line--;
      }
      to = line == 0 || text.charAt(line - 1) == '\n' ? line : end;
    }
    if (to > begin) {
      tokens.add(new Token(TokenType.DATA, text.substring(begin, to), begin));
    }
  }

  private static boolean isBlank(char c) {
    return c != '\n' && Text.isSpace(c);
  }

  private void comment(int begin) {
    int end = text.indexOf("#}", begin);
    if (end < 0) {
      throw source.syntax(begin, "Missing end of comment tag");
    }
    char sign = end > begin ? text.charAt(end - 1) : 0;
    position = end + 2;
    afterTag(sign == '-' || sign == '+' ? sign : 0, true);
  }

  private void block(int begin) {
    Matcher raw = RAW.matcher(text).region(position, text.length());
    if (!raw.lookingAt()) {
      expression(begin, TokenType.BLOCK_BEGIN, "%}", TokenType.BLOCK_END);
      return;
    }
    position = raw.end();
    afterTag(signOf(raw.group(1)), false);
    Matcher end = END_RAW.matcher(text);
    if (!end.find(position)) {
      throw source.syntax(begin, "Missing end of raw directive");
    }
    data(position, end.start(), signOf(end.group(1)), true);
    position = end.end();
    afterTag(signOf(end.group(2)), true);
  }

  private static char signOf(String group) {
    return group.isEmpty() ? 0 : group.charAt(0);
  }

  private void expression(int begin, TokenType beginType, String close, TokenType endType) {
    tokens.add(new Token(beginType, "", begin));
    ExpressionLexer inside = new ExpressionLexer(source, position, close, tokens);
    position = inside.run();
    tokens.add(new Token(endType, close, inside.closeOffset()));
    afterTag(inside.closeSign(), endType == TokenType.BLOCK_END);
  }

  private void afterTag(char sign, boolean trimNewline) {
    if (sign == '-') {
      while (position < text.length() && Text.isSpace(text.charAt(position))) {
        position++;
      }
    } else if (sign != '+' && trimNewline && text.startsWith("\n", position)) {
      position++;
    }
  }
}
