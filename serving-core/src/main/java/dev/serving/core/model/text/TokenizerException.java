package dev.serving.core.model.text;

/**
 * A checkpoint's tokenizer or chat template cannot be used; the message is one line and says why.
 */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenizerException(String message) {
    super(message);
  }

  TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
