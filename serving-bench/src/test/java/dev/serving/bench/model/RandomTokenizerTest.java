package dev.serving.bench.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.bench.model.RandomCheckpoint.Shape;
import dev.serving.core.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The made-up tokenizer is one that a server can open, with a text for every token. */
class RandomTokenizerTest {
  @Test
  void textComesBackAndEveryTokenHasSome(@TempDir Path directory) throws IOException {
    RandomTokenizer.write(directory);
    try (Tokenizer tokenizer = Tokenizer.open(directory)) {
      String text = "naïve \"quotes\" \\ tab\t 你好 🙂";

      assertThat(tokenizer.vocabSize()).isEqualTo(Shape.QWEN2_HALF_BILLION.vocabulary);
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      for (int id = 0; id < tokenizer.vocabSize(); id++) {
        assertThat(tokenizer.pieceBytes(id)).isNotEmpty();
      }
    }
  }
}
