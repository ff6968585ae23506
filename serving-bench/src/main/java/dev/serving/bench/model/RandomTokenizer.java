package dev.serving.bench.model;

import dev.serving.bench.model.RandomCheckpoint.Shape;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a byte-level tokenizer with as many tokens as a {@link RandomCheckpoint} has, so that it
 * can be served: the 256 bytes, and made-up words that only the model ever says.
 */
public final class RandomTokenizer {
  private static final String HEAD =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null,
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
        "trim_offsets": true, "use_regex": true},
       "post_processor": null,
       "decoder": {"type": "ByteLevel", "add_prefix_space": false,
        "trim_offsets": true, "use_regex": true},
       "model": {"type": "BPE", "merges": [], "vocab": {
      """;

  private RandomTokenizer() {}

  /** Writes {@code tokenizer.json} for a model in Qwen2-0.5B's shape, unless it is there. */
  public static void write(Path directory) throws IOException {
    write(directory, Shape.QWEN2_HALF_BILLION);
  }

  /** Writes {@code tokenizer.json} for a model in this shape, unless it is there. */
  public static void write(Path directory, Shape shape) throws IOException {
    Path file = directory.resolve("tokenizer.json");
    if (!Files.exists(file)) {
      try (BufferedWriter out = Files.newBufferedWriter(file)) {
        out.write(HEAD);
        for (int id = 0; id < shape.vocabulary; id++) {
          out.write((id == 0 ? "" : ",\n") + '"' + token(id) + "\": " + id);
        }
        out.write("}}}\n");
      }
    }
  }

  /** The bytes as byte-level tokenizers spell them, then words with a space before each. */
  private static String token(int id) {
    if (id >= 256) {
      return "\u0120w" + Integer.toString(id, 36);
    }
    boolean printable = (id > ' ' && id < 0x7f) || (id > 0xa0 && id != 0xad);
    String text = String.valueOf((char) (printable ? id : 0x100 + rank(id)));
    return text.equals("\"") || text.equals("\\") ? "\\" + text : text;
  }

  /** How many bytes below this one are not printable either. */
  private static int rank(int id) {
    int rank = id <= ' ' ? id : 33 + id - 0x7f;
    return id == 0xad ? 67 : rank;
  }
}
