package dev.serving.core.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * The tokenizer of a checkpoint: text to token ids and back.
 *
 * <p>Nothing is ever truncated or padded, and no text becomes a special token unless the caller
 * vouches for it by {@link #encodeTrusted} or {@link #encodePrompt}. Tokens that {@code
 * tokenizer.json} adds without the flag {@code special} (runs of spaces, {@code <think>}) are
 * ordinary vocabulary and match in any text.
 *
 * <p>Safe for use by several threads. {@link #close} waits for calls under way; a later call throws
 * {@link IllegalStateException}.
 */
public final class Tokenizer implements AutoCloseable {
  private static final int CHEAP = 64 << 10;

  private static final Map<String, String> PLAIN =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private final HuggingFaceTokenizer library;
  private final SpecialTokens specials;
  private final String[] pieces;
  private final boolean[] special;
  private final String[] alone; // a token's text without any before it; null until asked for
  private final Map<String, Integer> addedIds = new HashMap<>();
  private final PieceBytes bytes;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final int longestToken;
  private volatile int mostTokens = Integer.MAX_VALUE;
  private boolean closed;

  private Tokenizer(TokenizerFile file, HuggingFaceTokenizer library) {
    this.library = library;
    this.specials = file.specials();
    this.longestToken = file.longestToken();
    this.pieces = file.pieces();
    this.bytes = file.bytes();
    this.alone = new String[pieces.length];
    this.special = new boolean[pieces.length];
    file.specialById().keySet().forEach(id -> special[id] = true);
    file.addedById().forEach((id, content) -> addedIds.put(content, id));
  }

  /**
   * Opens the {@code tokenizer.json} of a checkpoint.
   *
   * @throws TokenizerException if the file is missing or cannot be used
   */
  public static Tokenizer open(Path directory) {
    TokenizerFile file = TokenizerFile.read(directory);
    NativeLibrary.prepare();
    Tokenizer tokenizer = new Tokenizer(file, load(file));
    try {
      file.specialById().forEach((id, name) -> tokenizer.requireId(file.path(), id, name));
    } catch (TokenizerException e) {
      tokenizer.close();
      throw e;
    }
    return tokenizer;
  }

  private static HuggingFaceTokenizer load(TokenizerFile file) {
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(file.renamed()), PLAIN);
    } catch (IOException | RuntimeException | LinkageError e) {
      // The library's own errors are plain RuntimeExceptions without the file's name.
      throw new TokenizerException(file.path() + " cannot be used: " + e.getMessage(), e);
    }
  }

  private void requireId(Path file, int id, String name) {
    int[] ids = encodeTrusted(name);
    if (ids.length != 1 || ids[0] != id) {
      throw new TokenizerException(
          file
              + " gives the special token "
              + name
              + " the id "
              + id
              + ", but it encodes to "
              + Arrays.toString(ids));
    }
  }

  /** Encodes a stranger's text, in which no special token is live whatever it spells. */
  public int[] encode(String strangersText) {
    return ids(strangersText, false);
  }

  /**
   * Encodes the prompt of a plain completion, whose author templates for himself.
   *
   * @param addSpecial whether to put around it what the tokenizer's post-processor does, such as a
   *     beginning-of-sequence token
   * @param parseSpecial whether special tokens spelled in it are live
   */
  public int[] encodePrompt(String text, boolean addSpecial, boolean parseSpecial) {
    return ids(parseSpecial ? specials.rename(text) : text, addSpecial);
  }

  /** Encodes text whose author is trusted: special tokens spelled in it are live. */
  public int[] encodeTrusted(String templateText) {
    return ids(specials.rename(templateText), false);
  }

  /** Encodes text of mixed authors; special tokens are live where {@code authored} covers them. */
  int[] encode(String text, SpecialTokens.Authored authored, boolean addSpecial) {
    return ids(specials.rename(text, authored), addSpecial);
  }

  /**
   * Refuses texts by {@link EndlessTextException} from now on that make more than so many tokens
   * however they read. Those that cost little to read are read, to say how many they make.
   */
  public void refuseBeyond(int tokens) {
    mostTokens = tokens;
  }

  private void refuseEndless(String text) {
    long least = longestToken == 0 ? 0 : text.length() / longestToken; // a char is a byte or more
    if (text.length() > CHEAP && least > mostTokens) {
      throw new EndlessTextException(least, mostTokens);
    }
  }

  private int[] ids(String text, boolean postProcess) {
    refuseEndless(text);
    String valid = withoutLoneSurrogates(text);
    return call(
        tokenizer ->
            Arrays.stream(tokenizer.encode(valid, postProcess, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray());
  }

  /** Half a character cannot cross to the native library; it becomes U+FFFD as in UTF-8. */
  private static String withoutLoneSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  /** Decodes {@code ids}, leaving out special tokens; ids without a piece decode to nothing. */
  public String decode(int[] ids) {
    return decode(ids, false);
  }

  /** Decodes {@code ids}, special tokens by their names if {@code keepSpecial}. */
  public String decode(int[] ids, boolean keepSpecial) {
    String text = call(tokenizer -> decode(tokenizer, ids, keepSpecial));
    return keepSpecial ? specials.restore(text) : text;
  }

  /** A stream asks for the text of each of its tokens alone, of which there are not so many. */
  private String decode(HuggingFaceTokenizer tokenizer, int[] ids, boolean keepSpecial) {
    boolean kept = ids.length == 1 && !keepSpecial && ids[0] >= 0 && ids[0] < alone.length;
    if (kept && alone[ids[0]] != null) {
      return alone[ids[0]];
    }
    String text = bytes.plain() ? joined(ids, keepSpecial) : null;
    if (text == null) {
      long[] wide = Arrays.stream(ids).asLongStream().toArray();
      text = tokenizer.decode(wide, !keepSpecial);
    }
    if (kept) {
      alone[ids[0]] = text; // by whatever thread: it is the same text
    }
    return text;
  }

  /**
   * What the library would say of pieces whose bytes are the text: for a token or two, as streams
   * ask for them, to cross to it takes far longer. Null where it may know better, of special tokens
   * by name and of what is no UTF-8.
   */
  private String joined(int[] ids, boolean keepSpecial) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(8 * ids.length);
    for (int id : ids) {
      if (!isSpecial(id)) {
        joined.writeBytes(pieceBytes(id));
      } else if (keepSpecial) {
        return null;
      }
    }
    String text = joined.toString(UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : null;
  }

  /**
   * Returns the text of one token for people to read: U+FFFD where it is part of a character, the
   * name of a special token, "" for an id without a piece.
   */
  public String piece(int id) {
    return new String(pieceBytes(id), UTF_8);
  }

  /** Returns the bytes that one token stands for; none for an id without a piece. */
  public byte[] pieceBytes(int id) {
    String piece = id >= 0 && id < pieces.length ? pieces[id] : null;
    if (piece == null) {
      return new byte[0];
    }
    return isSpecial(id) ? piece.getBytes(UTF_8) : bytes.of(piece);
  }

  /** Says whether {@code id} is a special token. */
  public boolean isSpecial(int id) {
    return id >= 0 && id < special.length && special[id];
  }

  /** Returns the number of ids, gaps included: one more than the largest. */
  public int vocabSize() {
    return pieces.length;
  }

  /** Returns the id of a token by its exact spelling in the vocabulary. */
  public OptionalInt idOf(String token) {
    Integer added = addedIds.get(token);
    if (added != null) {
      return OptionalInt.of(added);
    }
    int id = Arrays.asList(pieces).indexOf(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  private <T> T call(Function<HuggingFaceTokenizer, T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return work.apply(library);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Frees the native tokenizer. A second call does nothing. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        library.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
