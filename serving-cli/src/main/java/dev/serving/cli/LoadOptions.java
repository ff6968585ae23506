package dev.serving.cli;

import dev.serving.cli.HelpGroup.Topic;
import dev.serving.cli.load.Lengths;
import dev.serving.cli.load.LoadConfig;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How a load is made. Names are those of vLLM's benchmark where they mean the same. */
@HelpGroup(Topic.LOAD)
final class LoadOptions {
  @Option(
      names = "--num-prompts",
      paramLabel = "N",
      description = "Requests at most (default: ${DEFAULT-VALUE}).")
  private int numPrompts = 200;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "Begin requests for so long, such as 30s or 5m; --num-prompts still counts.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--request-rate",
      paramLabel = "R",
      description =
          "Requests a second, at random times (Poisson), whatever the server does; latencies count"
              + " from these times. 'inf': the next as soon as one may be sent (default).")
  private String requestRate = "inf";

  @Option(
      names = "--max-concurrency",
      paramLabel = "N",
      description =
          "Requests that are open at a time at most (default: 8 without a rate, else no limit).")
  private Integer maxConcurrency;

  @Option(
      names = {"--random-input-len", "--input-len"},
      paramLabel = "N",
      description = "Mean tokens of a prompt's own part (default: ${DEFAULT-VALUE}).")
  private int inputLength = 128;

  @Option(
      names = {"--random-output-len", "--output-len"},
      paramLabel = "N",
      description = "Mean tokens of an answer (default: ${DEFAULT-VALUE}).")
  private int outputLength = 64;

  @Option(
      names = "--random-range-ratio",
      paramLabel = "R",
      description =
          "How far both lengths lie from their means: at most this share of it (uniform), or the"
              + " logarithm's standard deviation (lognormal); default: ${DEFAULT-VALUE}.")
  private double rangeRatio;

  @Option(
      names = "--random-distribution",
      paramLabel = "NAME",
      description = "How lengths lie: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Lengths.Shape shape = Lengths.Shape.UNIFORM;

  @Option(
      names = {"--random-prefix-len", "--prefix-repetition-prefix-len"},
      paramLabel = "N",
      description =
          "Tokens that a prompt begins with and shares with others (default: ${DEFAULT-VALUE}).")
  private int prefixLength;

  @Option(
      names = "--prefix-repetition-num-prefixes",
      paramLabel = "N",
      description = "How many such beginnings there are (default: ${DEFAULT-VALUE}).")
  private int prefixes = 1;

  @Option(
      names = "--cancel-ratio",
      paramLabel = "R",
      description = "Share of clients that leave during their answer (default: ${DEFAULT-VALUE}).")
  private double cancelRatio;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of all random choices: the same seed makes the same requests at the same times"
              + " (default: ${DEFAULT-VALUE}).")
  private long seed;

  /**
   * What was asked for.
   *
   * @throws IllegalArgumentException if it makes no sense, with the option's name
   */
  LoadConfig config() {
    double rate = rate();
    int most = Double.isInfinite(rate) ? 8 : Integer.MAX_VALUE;
    return new LoadConfig(
        rate,
        maxConcurrency == null ? most : maxConcurrency,
        numPrompts,
        duration,
        new Lengths(inputLength, rangeRatio, shape),
        new Lengths(outputLength, rangeRatio, shape),
        prefixLength,
        prefixes,
        cancelRatio,
        seed);
  }

  private double rate() {
    try {
      return requestRate.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(requestRate);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--request-rate must be a number or inf; was " + requestRate, e);
    }
  }
}
