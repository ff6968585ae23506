package dev.serving.core.frontend;

import dev.serving.core.model.text.IncrementalDetokenizer;
import dev.serving.core.model.text.Tokenizer;

/**
 * Follows a text token by token, and says where in it each token begins. Places count characters as
 * clients in other languages do: code points. Used by one thread at a time.
 */
final class TextPlaces {
  private static final String INCOMPLETE = "\uFFFD";

  private final Tokenizer tokenizer;
  private final IncrementalDetokenizer detokenizer;
  private int length;

  /** From {@code length} characters on. */
  TextPlaces(Tokenizer tokenizer, IncrementalDetokenizer detokenizer, int length) {
    this.tokenizer = tokenizer;
    this.detokenizer = detokenizer;
    this.length = length;
  }

  /** Characters of a text. */
  static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Where the next token begins; one that goes on with a character begins where that does. */
  int of(int token) {
    String held = detokenizer.held();
    byte[] bytes = tokenizer.pieceBytes(token);
    boolean goesOn = bytes.length > 0 && (bytes[0] & 0xC0) == 0x80;
    int within = goesOn && held.endsWith(INCOMPLETE) ? 1 : 0;
    return length + characters(held) - within;
  }

  /** Adds a token; returns the text that became final. */
  String push(int token) {
    return count(detokenizer.push(token));
  }

  /** Returns the text still held back. */
  String flush() {
    return count(detokenizer.flush());
  }

  private String count(String fresh) {
    length += characters(fresh);
    return fresh;
  }
}
