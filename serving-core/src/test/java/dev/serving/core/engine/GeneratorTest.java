package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.engine.Generator.Generation;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.SamplingParams;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This shows that text can be had without a server, with its figures, or a reason why not. */
class GeneratorTest {
  /** This shows how to generate in one process, with figures. */
  @Test
  void generatesWithFigures() {
    try (Generator generator = Generator.open(Demo.config(1).worker())) {
      List<Integer> tokens = new ArrayList<>();
      Generation first = generator.generate(prompt(1, 40), greedy(12), tokens::add);
      assertThat(tokens).hasSize(first.outputTokens());
      assertThat(first.promptTokens()).isEqualTo(40);
      assertThat(first.cachedTokens()).isZero();
      assertThat(first.finish()).isIn(FinishReason.STOP, FinishReason.LENGTH);
      assertThat(first.firstTokenNs()).isPositive().isLessThanOrEqualTo(first.totalNs());

      List<Integer> again = new ArrayList<>();
      Generation second = generator.generate(prompt(1, 40), greedy(12), again::add);
      assertThat(again).isEqualTo(tokens);
      assertThat(second.cachedTokens()).isEqualTo(32);
      assertThat(generator.weightBytes()).isGreaterThan(6_000_000);
      assertThat(generator.roomForTokens()).isGreaterThan(Demo.MAX_LENGTH);
    }
  }

  @Test
  void saysWhyAPromptCannotBeServed() {
    try (Generator generator = Generator.open(Demo.config(1).worker())) {
      assertThatThrownBy(() -> generator.generate(prompt(1, 512), greedy(1), token -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("there is room for 512");
    }
  }

  private static SamplingParams greedy(int tokens) {
    return SamplingParams.greedy(tokens);
  }
}
