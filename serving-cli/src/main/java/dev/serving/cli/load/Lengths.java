package dev.serving.cli.load;

import java.util.random.RandomGenerator;

/**
 * How many tokens a text has: a number around a mean.
 *
 * @param mean mean number of tokens, at least 1
 * @param range how far from it: with {@link Shape#UNIFORM} at most this share of the mean, 0 to 1;
 *     with {@link Shape#LOGNORMAL} the logarithm's standard deviation, 0 to 4
 * @param shape how the numbers lie
 */
public record Lengths(int mean, double range, Shape shape) {
  /** How lengths lie around their mean. */
  public enum Shape {
    /** Each within the range is as likely as another, as in vLLM's random data set. */
    UNIFORM(1),
    /** Many short ones and a few that are very long, as people's texts are. */
    LOGNORMAL(4);

    private final double widest;

    Shape(double widest) {
      this.widest = widest;
    }
  }

  /** Checks the numbers. */
  public Lengths {
    if (mean < 1) {
      throw new IllegalArgumentException(
          "--random-input-len and --random-output-len must be at least 1; was " + mean);
    }
    if (!(range >= 0 && range <= shape.widest)) {
      throw new IllegalArgumentException(
          "--random-range-ratio must be 0 to %.0f; was %s".formatted(shape.widest, range));
    }
  }

  /** The next length, at least 1. */
  int next(RandomGenerator random) {
    if (range == 0) {
      return mean;
    }
    double length =
        shape == Shape.UNIFORM
            ? mean * (1 + range * (2 * random.nextDouble() - 1))
            : mean * Math.exp(range * random.nextGaussian() - range * range / 2);
    return (int) Math.max(1, Math.round(Math.min(length, 1 << 20)));
  }
}
