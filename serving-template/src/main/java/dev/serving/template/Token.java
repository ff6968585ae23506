package dev.serving.template;

/** A token of a template; {@code offset} is its place in the {@link Source}. */
record Token(TokenType type, String text, int offset) {
  boolean isOperator(String operator) {
    return type == TokenType.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return type == TokenType.NAME && text.equals(name);
  }

  /** Returns how an error message names this token. */
  String describe() {
    return switch (type) {
      case END -> "end of template";
      case PRINT_END -> "'}}'";
      case BLOCK_END -> "'%}'";
      default -> "'" + text + "'";
    };
  }
}
