package dev.serving.template;

/** Kinds of tokens. */
enum TokenType {
  DATA,
  PRINT_BEGIN,
  PRINT_END,
  BLOCK_BEGIN,
  BLOCK_END,
  NAME,
  STRING,
  INTEGER,
  FLOAT,
  OPERATOR,
  END
}
