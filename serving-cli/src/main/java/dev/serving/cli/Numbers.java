package dev.serving.cli;

import dev.serving.core.message.SamplingRange;

/** What numbers of options may be, where nothing that takes them says so by the option's name. */
final class Numbers {
  private Numbers() {}

  /**
   * Checks a number that somebody may have given.
   *
   * @param number null where nobody has
   * @throws IllegalArgumentException when it is less, with the option's name
   */
  static void atLeast(int least, String option, Integer number) {
    if (number != null && number < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, was %d".formatted(option, least, number));
    }
  }

  /**
   * Checks a number from 0 on that somebody may have given.
   *
   * @param number null where nobody has
   * @throws IllegalArgumentException when it is outside, with the option's name
   */
  static void within(int most, String option, Number number) {
    if (number != null && !(number.doubleValue() >= 0 && number.doubleValue() <= most)) {
      throw new IllegalArgumentException(
          "%s must be 0 to %d, was %s".formatted(option, most, number));
    }
  }

  /**
   * Checks how freely tokens are to be chosen, as OpenAI's API has it.
   *
   * @param temperature null where nobody has said
   * @throws IllegalArgumentException when it is outside the API's range
   */
  static void temperature(Number temperature) {
    SamplingRange range = SamplingRange.TEMPERATURE;
    if (temperature != null && !range.holds(temperature.doubleValue())) {
      throw new IllegalArgumentException(
          "--temperature must be %s, was %s".formatted(range.span(), temperature));
    }
  }
}
