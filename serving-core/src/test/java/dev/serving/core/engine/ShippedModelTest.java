package dev.serving.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.SamplingParams;
import dev.serving.core.model.text.ChatPrompt;
import dev.serving.core.model.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows that the checkpoint that ships with the server answers here, token for token, as it
 * does in transformers. {@code models/training/golden.py} wrote what transformers answers.
 */
final class ShippedModelTest {
  private static Generator generator;
  private static Tokenizer tokenizer;
  private static ChatPrompt chat;

  /** A question, and what transformers makes of it. */
  record Golden(String prompt, int[] promptTokens, int[] tokens) {
    /** Both as one text. */
    int[] all() {
      return IntStream.concat(IntStream.of(promptTokens), IntStream.of(tokens)).toArray();
    }
  }

  static Stream<Golden> questions() throws IOException {
    try (InputStream in = ShippedModelTest.class.getResourceAsStream("/golden/serving-demo.json")) {
      return Stream.of(JsonMapper.shared().readValue(in, Golden[].class));
    }
  }

  @BeforeAll
  static void load() {
    generator = Generator.open(Demo.config(1).worker());
    tokenizer = Tokenizer.open(Demo.MODEL);
    chat = ChatPrompt.open(Demo.MODEL, tokenizer);
  }

  @AfterAll
  static void close() {
    generator.close();
    tokenizer.close();
  }

  @ParameterizedTest
  @MethodSource("questions")
  void greedyTokensAreThoseOfTransformers(Golden golden) {
    int[] prompt =
        chat.render(
            List.of(Map.of("role", "user", "content", golden.prompt())), List.of(), true, Map.of());
    List<Integer> tokens = new ArrayList<>();
    generator.generate(
        golden.promptTokens(), SamplingParams.greedy(golden.tokens().length), tokens::add);

    assertThat(prompt).containsExactly(golden.promptTokens());
    assertThat(tokens.stream().mapToInt(Integer::intValue).toArray())
        .containsExactly(golden.tokens());
  }
}
