package dev.serving.cli;

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
   * Checks how freely tokens are to be chosen, as OpenAI's API has it.
   *
   * @param temperature null where nobody has said
   * @throws IllegalArgumentException when it is not 0 to 2
   */
  static void temperature(Number temperature) {
    if (temperature != null
        && !(temperature.doubleValue() >= 0 && temperature.doubleValue() <= 2)) {
      throw new IllegalArgumentException("--temperature must be 0 to 2, was " + temperature);
    }
  }
}
