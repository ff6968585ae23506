package dev.serving.cli.load;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The requests to be made, one after another. Not safe for use by several threads. */
final class Plan {
  private final LoadConfig config;
  private final Words words;
  private final RandomGenerator arrivals;
  private final RandomGenerator texts;
  private final RandomGenerator lengths;
  private final RandomGenerator clients;
  private final List<String> prefixes;
  private long offsetNanos;
  private int made;

  /** The plan that these settings always make. */
  Plan(LoadConfig config, Words words) {
    this.config = config;
    this.words = words;
    // One stream for each kind of choice: more of one kind leaves the others as they were.
    SplittableRandom seed = new SplittableRandom(config.seed());
    arrivals = seed.split();
    texts = seed.split();
    lengths = seed.split();
    clients = seed.split();
    prefixes =
        IntStream.range(0, config.prefixLength() == 0 ? 0 : config.prefixes())
            .mapToObj(i -> words.text(config.prefixLength(), texts) + " ")
            .toList();
  }

  boolean hasNext() {
    return made < config.numPrompts();
  }

  PlannedRequest next() {
    made++;
    if (config.isOpen()) {
      offsetNanos += (long) (arrivals.nextExponential() / config.requestRate() * 1e9);
    }
    int outputTokens = config.output().next(lengths);
    String own = words.text(config.input().next(lengths), texts);
    return new PlannedRequest(offsetNanos, prefix() + own, outputTokens, leavesAfter(outputTokens));
  }

  private String prefix() {
    return prefixes.isEmpty() ? "" : prefixes.get(texts.nextInt(prefixes.size()));
  }

  private int leavesAfter(int outputTokens) {
    return clients.nextDouble() < config.cancelRatio() ? clients.nextInt(outputTokens) : -1;
  }
}
