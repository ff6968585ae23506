package dev.serving.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the inside of one tag into names, literals and operators. */
final class ExpressionLexer {
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", ".", ",", ":", "|");
  private static final Pattern INTEGER =
      Pattern.compile("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[0-9](_?[0-9])*");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[0-9](_?[0-9])*(\\.[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?"
              + "|[eE][+-]?[0-9](_?[0-9])*)");

  private final Source source;
  private final String text;
  private final String close;
  private final List<Token> tokens;
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private int closeOffset;
  private char closeSign;

  ExpressionLexer(Source source, int position, String close, List<Token> tokens) {
    this.source = source;
    this.text = source.text();
    this.position = position;
    this.close = close;
    this.tokens = tokens;
  }

  int closeOffset() {
    return closeOffset;
  }

  /** Returns the sign before the closing mark: '-', '+' or 0. */
  char closeSign() {
    return closeSign;
  }

  /** Adds the tokens and returns the place behind the closing mark. */
  int run() {
    int begin = position;
    while (true) {
      while (position < text.length() && Text.isSpace(text.charAt(position))) {
        position++;
      }
      if (position >= text.length()) {
        throw source.syntax(begin, "a tag is not closed; expected '" + close + "'");
      }
      if (open.isEmpty() && closes()) {
        return position;
      }
      token(text.charAt(position));
    }
  }

  private boolean closes() {
    char c = text.charAt(position);
    boolean signed = (c == '-' || (c == '+' && close.equals("%}")));
    boolean closesSigned = signed && text.startsWith(close, position + 1);
    if (!closesSigned && !text.startsWith(close, position)) {
      return false;
    }
    closeOffset = position;
    closeSign = closesSigned ? c : 0;
    position += close.length() + (closesSigned ? 1 : 0);
    return true;
  }

  private void token(char c) {
    if (c == '_' || Character.isUnicodeIdentifierStart(c)) {
      int end = position + 1;
      while (end < text.length() && Character.isUnicodeIdentifierPart(text.charAt(end))) {
        end++;
      }
      add(TokenType.NAME, end);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (c == '\'' || c == '"') {
      StringLiteral literal = StringLiteral.read(source, position);
      tokens.add(new Token(TokenType.STRING, literal.value(), position));
      position = literal.end();
    } else {
      operator(c);
    }
  }

  private void add(TokenType type, int end) {
    tokens.add(new Token(type, text.substring(position, end), position));
    position = end;
  }

  private void number() {
    Matcher number = FLOAT.matcher(text).region(position, text.length());
    if (number.lookingAt()) {
      add(TokenType.FLOAT, number.end());
      return;
    }
    number.usePattern(INTEGER).region(position, text.length());
    number.lookingAt(); // a digit is here, so it matches
    add(TokenType.INTEGER, number.end());
  }

  private void operator(char c) {
    for (String operator : OPERATORS) {
      if (text.startsWith(operator, position)) {
        balance(c);
        add(TokenType.OPERATOR, position + operator.length());
        return;
      }
    }
    throw source.syntax(position, "unexpected character '" + c + "'");
  }

  private void balance(char c) {
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty()) {
          throw source.syntax(position, "unexpected '" + c + "'");
        }
        char expected = open.pop();
        if (expected != c) {
          throw source.syntax(position, "unexpected '" + c + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }
}
