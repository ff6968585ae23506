package dev.serving.core.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This shows that text comes token by token as it would all at once, and no character in halves.
 */
class IncrementalDetokenizerTest {
  private static List<String> stream(Tokenizer tokenizer, int[] ids) {
    return stream(new IncrementalDetokenizer(tokenizer), ids);
  }

  private static List<String> stream(IncrementalDetokenizer detokenizer, int[] ids) {
    List<String> chunks = new ArrayList<>();
    for (int id : ids) {
      chunks.add(detokenizer.push(id));
    }
    chunks.add(detokenizer.flush());
    return chunks;
  }

  private static void assertWholeCharacters(List<String> chunks) {
    for (String chunk : chunks) {
      assertThat(chunk.isEmpty() || !Character.isHighSurrogate(chunk.charAt(chunk.length() - 1)))
          .as(chunk)
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.serving.core.model.text.TextGolden#names")
  void chunksAddUpToTheTextAndNeverCutACharacter(String name) {
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory(name))) {
      for (TextGolden.Encoded golden : TextGolden.read(name).texts()) {
        List<String> chunks = stream(tokenizer, golden.ids());
        assertThat(String.join("", chunks)).isEqualTo(golden.decoded());
        assertThat(chunks).noneMatch(chunk -> chunk.contains("\ufffd"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.serving.core.model.text.TextGolden#names")
  void randomTextStreamsAsItDecodes(String name) {
    Random random = new Random(11);
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory(name))) {
      for (int round = 0; round < 2_000; round++) {
        int[] ids = tokenizer.encode(TextGolden.randomText(random));
        List<String> chunks = stream(tokenizer, ids);
        assertThat(String.join("", chunks)).isEqualTo(tokenizer.decode(ids));
        assertWholeCharacters(chunks);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.serving.core.model.text.TextGolden#names")
  void aModelThatTalksNonsenseStillStreams(String name) {
    Random random = new Random(13);
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory(name))) {
      for (int round = 0; round < 500; round++) {
        int[] ids = random.ints(40, 0, tokenizer.vocabSize() + 2).toArray();
        List<String> chunks = stream(tokenizer, ids);
        assertWholeCharacters(chunks);
        // Byte fallback turns a whole run of bytes to U+FFFD when one of them is wrong, also those
        // that were right when they came.
        if (!name.equals("byte-fallback")) {
          assertThat(valid(String.join("", chunks))).isEqualTo(valid(tokenizer.decode(ids)));
        }
      }
    }
  }

  /** How many U+FFFD stand for a run of broken bytes depends on where it is cut. */
  private static String valid(String text) {
    return text.codePoints()
        .filter(c -> c != 0xFFFD)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void theSpaceBetweenWordsStaysAndTheOneBeforeTheFirstDoesNot() {
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory("byte-fallback"))) {
      int[] ids = tokenizer.encode("hello world again");
      assertThat(String.join("", stream(tokenizer, ids))).isEqualTo("hello world again");
    }
  }

  /**
   * The tokens of the text are the end of those of both; transformers decodes these with a space.
   */
  @Test
  void aTextThatGoesOnFromAPromptKeepsItsFirstSpace() {
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory("byte-fallback"))) {
      int[] prompt = tokenizer.encode("the scheduler");
      int[] both = tokenizer.encode("the scheduler hands tokens");
      int[] text = Arrays.copyOfRange(both, prompt.length, both.length);
      assertThat(both).startsWith(prompt);
      assertThat(tokenizer.decode(both)).isEqualTo("the scheduler hands tokens");
      assertThat(
              String.join("", stream(IncrementalDetokenizer.after(tokenizer, false, prompt), text)))
          .isEqualTo(" hands tokens");
      assertThat(String.join("", stream(tokenizer, text))).isEqualTo("hands tokens");
    }
  }

  @Test
  void specialTokensAreLeftOut() {
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory("byte-level"))) {
      int[] ids = tokenizer.encodeTrusted("hello<|im_end|> world");
      assertThat(String.join("", stream(tokenizer, ids))).isEqualTo("hello world");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.serving.core.model.text.TextGolden#names")
  void specialTokensThatAreKeptStandWhereTheyWere(String name) {
    Random random = new Random(19);
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory(name))) {
      int[] specials =
          IntStream.range(0, tokenizer.vocabSize()).filter(tokenizer::isSpecial).toArray();
      for (int round = 0; round < 1_000; round++) {
        int[] ids = withSpecials(tokenizer, specials, random);
        List<String> chunks = stream(new IncrementalDetokenizer(tokenizer, true), ids);
        assertThat(String.join("", chunks)).isEqualTo(tokenizer.decode(ids, true));
        assertWholeCharacters(chunks);
      }
    }
  }

  /** Texts with special tokens between them, one or several. */
  private static int[] withSpecials(Tokenizer tokenizer, int[] specials, Random random) {
    return IntStream.range(0, 8)
        .flatMap(
            i ->
                random.nextBoolean()
                    ? IntStream.of(specials[random.nextInt(specials.length)])
                    : Arrays.stream(tokenizer.encode(TextGolden.randomText(random))))
        .toArray();
  }

  @Test
  void stopStringsAreFoundAcrossTokensAndCharacters() {
    Random random = new Random(17);
    try (Tokenizer tokenizer = Tokenizer.open(TextGolden.directory("byte-level"))) {
      for (int round = 0; round < 500; round++) {
        String before = TextGolden.randomText(random).replace("你", "");
        int[] ids = tokenizer.encode(before + "你😀STOP" + TextGolden.randomText(random));
        StopStrings stops = new StopStrings(List.of("你😀S"));
        StringBuilder text = new StringBuilder();
        stream(tokenizer, ids).forEach(chunk -> text.append(stops.push(chunk)));
        assertThat(stops.matched()).contains("你😀S");
        assertThat(text.toString()).isEqualTo(tokenizer.decode(tokenizer.encode(before)));
      }
    }
  }
}
