package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LoadingLineTest {
  @Test
  void saysHowMuchOfTheModelHasBeenRead() {
    assertThat(LoadingLine.text("Qwen3-4B", 3_400_000_000L, 8_000_000_000L))
        .isEqualTo("Loading Qwen3-4B: 42 % of 8.0 GB");
    assertThat(LoadingLine.text("Qwen3-0.6B", 3_000_000, 1_500_000_000L))
        .isEqualTo("Loading Qwen3-0.6B: 0 % of 1.5 GB");
  }

  /** Processes read other files, too. */
  @Test
  void saysWhatComesAfterThat() {
    assertThat(LoadingLine.text("Qwen3-4B", 8_100_000_000L, 8_000_000_000L))
        .isEqualTo("Loading Qwen3-4B: all read, warming up");
    assertThat(LoadingLine.text("small", 7_000_000, 6_500_000)).isEqualTo("Loading small ...");
  }

  @Test
  void isShorterThanALineOfALogWhateverTheModelIsCalled() {
    assertThat(LoadingLine.text("m".repeat(200), 9, 999_999_999_999L)).hasSizeLessThan(60);
  }
}
