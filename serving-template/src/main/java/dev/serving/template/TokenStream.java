package dev.serving.template;

import java.util.List;
import java.util.function.Supplier;

/** The tokens of a template under a parser's reading mark. */
final class TokenStream {
  private static final int MAX_NESTING = 200;

  private final Source source;
  private final List<Token> tokens;
  private int position;
  private int nesting;

  TokenStream(Source source) {
    this.source = source;
    this.tokens = Lexer.tokens(source);
  }

  Source source() {
    return source;
  }

  int position() {
    return position;
  }

  Token peek() {
    return tokens.get(position);
  }

  /** Returns the token behind the next one; the last token if there is none. */
  Token peekSecond() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    if (token.type() != TokenType.END) {
      position++;
    }
    return token;
  }

  /** Says whether a name was read between {@code from} and the mark. */
  boolean mentions(String name, int from) {
    return tokens.subList(from, position).stream().anyMatch(token -> token.isName(name));
  }

  boolean peekOperator(String operator) {
    return peek().isOperator(operator);
  }

  boolean skipOperator(String operator) {
    boolean found = peek().isOperator(operator);
    position += found ? 1 : 0;
    return found;
  }

  boolean skipName(String name) {
    boolean found = peek().isName(name);
    position += found ? 1 : 0;
    return found;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("expected '" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("expected '" + name + "'");
    }
  }

  String expectIdentifier() {
    if (peek().type() != TokenType.NAME) {
      throw unexpected("expected a name");
    }
    return next().text();
  }

  void expect(TokenType type, String what) {
    if (peek().type() != type) {
      throw unexpected("expected " + what);
    }
    next();
  }

  void expectBlockEnd() {
    expect(TokenType.BLOCK_END, "the end of the tag");
  }

  TemplateException unexpected(String wanted) {
    return fail(wanted + ", got " + peek().describe());
  }

  TemplateException fail(String reason) {
    return source.syntax(peek().offset(), reason);
  }

  TemplateException fail(Token token, String reason) {
    return source.syntax(token.offset(), reason);
  }

  /** Parses one level deeper; the levels are bounded, as the stack is. */
  <T> T nested(Supplier<T> parse) {
    if (++nesting > MAX_NESTING) {
      throw TemplateException.limit("expressions or blocks are nested too deeply")
          .at(source, peek().offset());
    }
    try {
      return parse.get();
    } finally {
      nesting--;
    }
  }
}
