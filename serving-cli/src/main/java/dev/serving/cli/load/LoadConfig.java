package dev.serving.cli.load;

import java.time.Duration;

/**
 * What is asked of a server, how often, and by how many.
 *
 * @param requestRate requests a second, at random times; infinite: as soon as one may be sent
 * @param maxConcurrency requests that are open at a time at most
 * @param numPrompts requests at most
 * @param duration no request begins after it; {@link Duration#ZERO}: no such limit
 * @param input lengths of the part of a prompt that is its own
 * @param output tokens asked for
 * @param prefixLength tokens that a prompt begins with and shares with others; 0: none
 * @param prefixes how many such beginnings there are, at least 1
 * @param cancelRatio share of clients that leave in the middle of their answer, 0 to 1
 * @param seed of all random choices
 */
public record LoadConfig(
    double requestRate,
    int maxConcurrency,
    int numPrompts,
    Duration duration,
    Lengths input,
    Lengths output,
    int prefixLength,
    int prefixes,
    double cancelRatio,
    long seed) {
  /** Checks each value; the message names the option. */
  public LoadConfig {
    require(requestRate > 0, "--request-rate must be above 0, or inf", requestRate);
    require(maxConcurrency > 0, "--max-concurrency must be at least 1", maxConcurrency);
    require(numPrompts > 0, "--num-prompts must be at least 1", numPrompts);
    require(!duration.isNegative(), "--duration must not be negative", duration);
    require(prefixLength >= 0, "--random-prefix-len must not be negative", prefixLength);
    require(prefixes > 0, "--prefix-repetition-num-prefixes must be at least 1", prefixes);
    require(cancelRatio >= 0 && cancelRatio <= 1, "--cancel-ratio must be 0 to 1", cancelRatio);
  }

  private static void require(boolean right, String rule, Object was) {
    if (!right) {
      throw new IllegalArgumentException(rule + "; was " + was);
    }
  }

  /** Whether requests begin at times of their own, however long earlier ones take. */
  public boolean isOpen() {
    return Double.isFinite(requestRate);
  }

  /** Whether it goes on until a time is over. */
  boolean hasDuration() {
    return !duration.isZero();
  }
}
