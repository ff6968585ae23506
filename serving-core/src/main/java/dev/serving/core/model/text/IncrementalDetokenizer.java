package dev.serving.core.model.text;

import java.util.Arrays;
import java.util.Objects;

/**
 * Turns a stream of token ids into chunks of text that never end inside a character.
 *
 * <p>A token's text depends on its neighbours (bytes of one character in several tokens, a space
 * that is dropped at the beginning), so each chunk is what decoding says with the tokens of the
 * chunk before it as context, less what it said of those alone.
 *
 * <p>One per stream; used by one thread at a time.
 */
public final class IncrementalDetokenizer {
  // No character is spelled in more tokens than this; what looks incomplete for longer is invalid.
  private static final int MAX_HELD = 16;

  private final Tokenizer tokenizer;
  private final boolean keepSpecial;
  private int[] ids = new int[32];
  private int size;
  private int contextSize; // the first tokens of ids, whose text has been given out
  private String contextText = "";

  /** Makes a detokenizer at the beginning of a text from which special tokens are left out. */
  public IncrementalDetokenizer(Tokenizer tokenizer) {
    this(tokenizer, false);
  }

  /**
   * Makes a detokenizer at the beginning of a text.
   *
   * @param keepSpecial whether special tokens appear in it by their names
   */
  public IncrementalDetokenizer(Tokenizer tokenizer, boolean keepSpecial) {
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.keepSpecial = keepSpecial;
  }

  /**
   * Makes a detokenizer that goes on from a prompt: a space between both stays, and a character
   * that begins in the prompt's last tokens is completed.
   *
   * @param prompt the tokens before the text
   */
  public static IncrementalDetokenizer after(
      Tokenizer tokenizer, boolean keepSpecial, int[] prompt) {
    IncrementalDetokenizer made = new IncrementalDetokenizer(tokenizer, keepSpecial);
    int context = Math.min(prompt.length, MAX_HELD);
    System.arraycopy(prompt, prompt.length - context, made.ids, 0, context);
    made.size = context;
    made.contextSize = context;
    made.contextText = whole(tokenizer.decode(Arrays.copyOf(made.ids, context), keepSpecial));
    return made;
  }

  /** A text without the incomplete character at its end. */
  public static String whole(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\uFFFD') {
      end--;
    }
    return text.substring(0, end);
  }

  /** Adds a token and returns the text that became final, often "". */
  public String push(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
    return advance(size - contextSize >= MAX_HELD);
  }

  /** Returns the text still held back as it would be if nothing came, without releasing it. */
  public String held() {
    if (size == contextSize) {
      return "";
    }
    String text = tokenizer.decode(Arrays.copyOf(ids, size), keepSpecial);
    return text.startsWith(contextText) ? text.substring(contextText.length()) : "";
  }

  /** Returns the text still held back, with U+FFFD for an incomplete character. */
  public String flush() {
    return size > contextSize ? advance(true) : "";
  }

  private String advance(boolean force) {
    String text = tokenizer.decode(Arrays.copyOf(ids, size), keepSpecial);
    boolean incomplete = text.endsWith("\uFFFD") || text.length() <= contextText.length();
    if (incomplete && !force) {
      return "";
    }
    // A context that reads otherwise than before was invalid; start again without it.
    String fresh =
        text.startsWith(contextText)
            ? text.substring(contextText.length())
            : tokenizer.decode(Arrays.copyOfRange(ids, contextSize, size), keepSpecial);
    keepAsContext();
    return fresh;
  }

  private void keepAsContext() {
    size -= contextSize;
    System.arraycopy(ids, contextSize, ids, 0, size);
    contextSize = size;
    contextText = tokenizer.decode(Arrays.copyOf(ids, size), keepSpecial);
  }
}
