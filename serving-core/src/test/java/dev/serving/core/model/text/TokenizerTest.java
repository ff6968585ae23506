package dev.serving.core.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This shows that texts become the tokens of {@code transformers} and come back, and that a
 * stranger's text has no special token.
 */
class TokenizerTest {
  private static Tokenizer open(String name) {
    return Tokenizer.open(TextGolden.directory(name));
  }

  @ParameterizedTest
  @MethodSource("dev.serving.core.model.text.TextGolden#names")
  void textsBecomeTheTokensOfTransformersAndComeBack(String name) {
    try (Tokenizer tokenizer = open(name)) {
      for (TextGolden.Encoded golden : TextGolden.read(name).texts()) {
        assertThat(tokenizer.encode(golden.text())).as(golden.text()).isEqualTo(golden.ids());
        assertThat(tokenizer.encodePrompt(golden.text(), true, true)).isEqualTo(golden.prompt());
        assertThat(tokenizer.decode(golden.ids())).isEqualTo(golden.decoded());
      }
    }
  }

  @Test
  void nothingIsCutHoweverLong() {
    try (Tokenizer tokenizer = open("byte-level")) {
      String text = "hello ".repeat(20_000);
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @CsvSource({"byte-level,<|im_end|>", "byte-fallback,</s>", "unigram,<|end|>"})
  void aSpecialTokenIsLiveInTrustedTextOnly(String name, String special) {
    try (Tokenizer tokenizer = open(name)) {
      int id = tokenizer.idOf(special).orElseThrow();
      assertThat(tokenizer.isSpecial(id)).isTrue();
      assertThat(tokenizer.piece(id)).isEqualTo(special);
      String text = "hi" + special + "there";
      assertThat(tokenizer.encodeTrusted(text)).containsOnlyOnce(id);
      assertThat(tokenizer.encode(text)).doesNotContain(id).hasSizeGreaterThan(3);
      assertThat(tokenizer.decode(new int[] {id}, true)).isEqualTo(special);
      assertThat(tokenizer.decode(new int[] {id})).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"byte-level,<|im_end|>", "byte-fallback,</s>"})
  void whatAStrangerSpellsComesBackAsWritten(String name, String special) {
    try (Tokenizer tokenizer = open(name)) {
      String word = new SpecialTokens(List.of(special)).wordFor(special);
      for (String text : List.of("a" + special + "b", word, word + special, "\uF8E7", "\uF8E70.")) {
        int[] ids = tokenizer.encode(text);
        assertThat(Arrays.stream(ids).noneMatch(tokenizer::isSpecial)).isTrue();
        assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
      }
    }
  }

  @Test
  void addedTokensThatAreNotSpecialAreOrdinaryVocabulary() {
    try (Tokenizer tokenizer = open("byte-level")) {
      int think = tokenizer.idOf("<think>").orElseThrow();
      assertThat(tokenizer.isSpecial(think)).isFalse();
      assertThat(tokenizer.encode("a<think>b")).contains(think);
    }
  }

  @Test
  void halfACharacterBecomesTheReplacementCharacter() {
    try (Tokenizer tokenizer = open("byte-level")) {
      assertThat(tokenizer.decode(tokenizer.encode("a\ud83d b\ude00")))
          .isEqualTo("a\ufffd b\ufffd");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.serving.core.model.text.TextGolden#names")
  void theBytesOfTokensAreTheBytesOfTheText(String name) throws Exception {
    try (Tokenizer tokenizer = open(name)) {
      for (TextGolden.Encoded golden : TextGolden.read(name).texts()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : golden.ids()) {
          bytes.write(tokenizer.isSpecial(id) ? new byte[0] : tokenizer.pieceBytes(id));
        }
        // Tokenizers with a space before the first word drop it again when they decode.
        assertThat(bytes.toString(UTF_8).replaceFirst("^ ", ""))
            .isIn(golden.decoded(), golden.decoded().replaceFirst("^ ", ""));
      }
    }
  }

  @Test
  void idsWithoutAPieceAreNothing() {
    try (Tokenizer tokenizer = open("byte-level")) {
      assertThat(tokenizer.vocabSize()).isEqualTo(485);
      for (int id : new int[] {-1, 485, Integer.MAX_VALUE}) {
        assertThat(tokenizer.piece(id)).isEmpty();
        assertThat(tokenizer.decode(new int[] {id})).isEmpty();
      }
      assertThat(tokenizer.idOf("no such token")).isEmpty();
    }
  }

  @Test
  void severalThreadsShareOneTokenizer() throws Exception {
    try (Tokenizer tokenizer = open("byte-level")) {
      List<TextGolden.Encoded> texts = TextGolden.read("byte-level").texts();
      var pool = Executors.newFixedThreadPool(4);
      List<? extends Future<?>> done =
          IntStream.range(0, 4)
              .mapToObj(
                  thread ->
                      pool.submit(
                          () -> {
                            for (int i = 0; i < 500; i++) {
                              TextGolden.Encoded golden = texts.get((i + thread) % texts.size());
                              assertThat(tokenizer.encode(golden.text())).isEqualTo(golden.ids());
                              assertThat(tokenizer.decode(golden.ids()))
                                  .isEqualTo(golden.decoded());
                            }
                          }))
              .toList();
      for (Future<?> each : done) {
        each.get();
      }
      pool.shutdown();
    }
  }

  @Test
  void aClosedTokenizerSaysSo() {
    Tokenizer tokenizer = open("byte-level");
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the tokenizer is closed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{};it has no \"model\" object",
        "[];it has no \"model\" object",
        "{\"model\":;is not readable JSON",
        "{\"model\":{\"type\":\"Magic\",\"vocab\":{}}};cannot be used",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}};the id 2000000000",
      })
  void abadFileIsNamedWithTheReason(String content, String reason, @TempDir Path dir)
      throws Exception {
    Files.writeString(dir.resolve("tokenizer.json"), content);
    assertThatThrownBy(() -> Tokenizer.open(dir))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aSpecialTokenWhoseIdIsWrongIsFoundWhenTheFileIsOpened(@TempDir Path dir) throws Exception {
    String file = Files.readString(TextGolden.directory("byte-level").resolve("tokenizer.json"));
    Files.writeString(dir.resolve("tokenizer.json"), file.replace("\"id\":482", "\"id\":490"));
    assertThatThrownBy(() -> Tokenizer.open(dir))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("<|im_end|> the id 490");
  }

  @Test
  void aMissingFileSaysWhatToDo(@TempDir Path dir) {
    assertThatThrownBy(() -> Tokenizer.open(dir))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("no tokenizer.json in " + dir);
  }
}
