package dev.serving.cli.load;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Puts a load on a server and measures it. */
public final class Benchmark {
  private static final int FEW_WORDS = 4;
  private static final int MANY_WORDS = 68;

  private final Api api;
  private final LoadConfig config;
  private final Words words;

  private Benchmark(Api api, LoadConfig config, Words words) {
    this.api = api;
    this.config = config;
    this.words = words;
  }

  /**
   * Asks the server for what must be known before: its model's name, and how many tokens it makes
   * of a word.
   *
   * @throws java.io.UncheckedIOException when the server cannot be asked, with what to do
   */
  public static Benchmark prepare(Target target, LoadConfig config) throws InterruptedException {
    Target named =
        target.model().isEmpty() ? target.withModel(new Api(target).firstModel()) : target;
    Api api = new Api(named);
    return new Benchmark(api, config, new Words(tokensPerWord(api, config.seed())));
  }

  /** Of two texts, since a chat has tokens of its own around what is said; 1 if it never says. */
  private static double tokensPerWord(Api api, long seed) throws InterruptedException {
    RandomGenerator random = new SplittableRandom(seed);
    Words one = new Words(1);
    int few = api.countTokens(one.text(FEW_WORDS, random));
    int many = api.countTokens(one.text(MANY_WORDS, random));
    return many > few ? (many - few) / (double) (MANY_WORDS - FEW_WORDS) : 1;
  }

  /**
   * Sends requests that are not counted, one after another.
   *
   * @param requests how many
   * @return how many were answered
   */
  public int warmUp(int requests) throws InterruptedException {
    AtomicInteger answered = new AtomicInteger();
    if (requests > 0) {
      LoadConfig one =
          new LoadConfig(
              Double.POSITIVE_INFINITY,
              1,
              requests,
              Duration.ZERO,
              config.input(),
              config.output(),
              config.prefixLength(),
              config.prefixes(),
              0,
              ~config.seed());
      new Load(one, api, outcome -> count(outcome, answered))
          .run(new Plan(one, words), System.nanoTime());
    }
    return answered.get();
  }

  private static void count(Outcome outcome, AtomicInteger answered) {
    if (outcome.ending() == Outcome.Ending.ANSWERED) {
      answered.incrementAndGet();
    }
  }

  /**
   * Runs the load to its end, or until the calling thread is interrupted: then the result is of
   * what has ended so far.
   *
   * @param progress is told how far it is, a few times a second
   */
  public LoadResult run(Progress progress) throws InterruptedException {
    long begin = System.nanoTime();
    Tally tally = new Tally(begin);
    Load load = new Load(config, api, tally::add);
    Ticker ticker = new ProgressClock(progress, tally, config, begin).start();
    try {
      load.run(new Plan(config, words), begin);
      return tally.result(api.target(), config, load.mostOpen());
    } catch (InterruptedException e) {
      return tally.partial(api.target(), config, load.mostOpen(), System.nanoTime(), load.open());
    } finally {
      ticker.stop();
    }
  }
}
