package dev.serving.core.message;

/**
 * What a number that says how tokens are chosen may be: the one place that the API's parser, the
 * engine and the defaults of a model ask.
 */
public enum SamplingRange {
  /** 0 is greedy. */
  TEMPERATURE("temperature", 0, 2, true),
  /** 0 leaves the likeliest token alone. */
  TOP_P("top_p", 0, 1, true),
  /** A share of the likeliest token's probability. */
  MIN_P("min_p", 0, 1, true),
  /** 1 is none. */
  REPETITION_PENALTY("repetition_penalty", 0, 10, false),
  /** 0 is none. */
  PRESENCE_PENALTY("presence_penalty", -2, 2, true),
  /** 0 is none. */
  FREQUENCY_PENALTY("frequency_penalty", -2, 2, true),
  /** Added to a logit. */
  LOGIT_BIAS("logit_bias", -100, 100, true);

  private final String parameter;
  private final int min;
  private final int max;
  private final boolean closed;

  SamplingRange(String parameter, int min, int max, boolean closed) {
    this.parameter = parameter;
    this.min = min;
    this.max = max;
    this.closed = closed;
  }

  /** The parameter's name, as OpenAI's API or vLLM has it. */
  public String parameter() {
    return parameter;
  }

  /** Whether it may be this; false for NaN, and for what is nothing but 0 as a float. */
  public boolean holds(double value) {
    float narrow = (float) value;
    return (closed ? value >= min : narrow > min) && value <= max;
  }

  /** The range: {@code 0 to 2}. */
  public String span() {
    return closed ? min + " to " + max : "above " + min + " and at most " + max;
  }

  /** The range in words: {@code a number from 0 to 2}. */
  public String words() {
    return "a number " + (closed ? "from " : "") + span();
  }

  /**
   * Refuses a value outside the range.
   *
   * @throws IllegalArgumentException that begins with the parameter's name
   */
  public void require(float value) {
    if (!holds(value)) {
      throw new IllegalArgumentException(parameter + " must be " + words() + ", was " + value);
    }
  }
}
