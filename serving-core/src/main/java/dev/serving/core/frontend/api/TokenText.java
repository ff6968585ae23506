package dev.serving.core.frontend.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A token as a client sees it, with log-probabilities.
 *
 * @param id its id
 * @param token its text; U+FFFD where it is only part of a character
 * @param bytes its bytes, 0 to 255 each
 * @param logprob its natural log-probability, never infinite; null for a prompt's first token,
 *     which nothing comes before
 * @param rank its place among all tokens, 1 for the likeliest
 * @param offset characters (code points) of the choice's text before it
 * @param top the likeliest tokens at its place, likeliest first; their own lists are empty
 */
public record TokenText(
    int id,
    String token,
    List<Integer> bytes,
    Float logprob,
    int rank,
    int offset,
    List<TokenText> top) {
  private static final float LEAST = -9999;

  /** Copies the lists; JSON has no infinity, so very small values become -9999. */
  public TokenText {
    bytes = List.copyOf(bytes);
    top = List.copyOf(top);
    if (logprob != null && !(logprob > LEAST)) { // also for NaN
      logprob = LEAST;
    }
  }

  /** A name that no other text has: OpenAI writes part of a character as {@code bytes:\xe2\x82}. */
  String name() {
    byte[] own = new byte[bytes.size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = bytes.get(i).byteValue();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(own)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder name = new StringBuilder("bytes:");
      bytes.forEach(b -> name.append("\\x%02x".formatted(b)));
      return name.toString();
    }
  }
}
