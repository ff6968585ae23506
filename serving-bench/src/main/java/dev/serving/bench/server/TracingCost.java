package dev.serving.bench.server;

import static java.util.stream.Collectors.joining;

import dev.serving.bench.model.RandomCheckpoint;
import dev.serving.bench.model.RandomTokenizer;
import dev.serving.bench.trace.HttpReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What tracing costs a server in throughput: a real {@code serving serve} sends every span to a
 * receiver beside it, answers requests over HTTP, and is switched between off and the three levels
 * in many short rounds, each in an order of its own.
 *
 * <p>First on random weights in the shape of Qwen2-0.5B, then on the small model that ships, whose
 * steps are so short that nothing hides what is done beside them.
 *
 * <p>Off is level 0 of the same processes, which records and hands on nothing: two servers side by
 * side differ by more than what is to be measured.
 */
public final class TracingCost {
  private static final int WARM_UP_SECONDS = 30; // until what traces is compiled, too

  private final CostOptions options;
  private final HttpReceiver receiver;
  private final Random random = new Random(11);

  private TracingCost(CostOptions options, HttpReceiver receiver) {
    this.options = options;
    this.receiver = receiver;
  }

  /** Runs with the options that {@code --help} lists. */
  public static void main(String[] args) throws IOException, InterruptedException {
    CostOptions options;
    try {
      options = CostOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    try (HttpReceiver receiver = new HttpReceiver()) {
      receiver.start();
      new TracingCost(options, receiver).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    if (options.models().contains(CostOptions.RANDOM)) {
      RandomTokenizer.write(RandomCheckpoint.write(options.directory()));
      measure("Qwen2-0.5B's shape, random weights", options.directory(), true);
    }
    if (options.models().contains(CostOptions.SHIPPED)) {
      measure("the small model that ships", options.home().resolve("models/serving-demo"), false);
    }
  }

  private void measure(String title, Path model, boolean withGoals)
      throws IOException, InterruptedException {
    LevelSpeeds speeds = new LevelSpeeds();
    LevelTimes times;
    try (ServeProcess server = ServeProcess.traced(options.home(), model, receiver.endpoint())) {
      Load load = new Load(server.uri(), server.model(), options.clients(), options.tokens());
      System.out.printf(
          "%s: %d clients, %d tokens each%nspans a request at level 0 to 3: %s%n",
          title, options.clients(), options.tokens(), spans(server, load));
      for (long warm = after(WARM_UP_SECONDS); System.nanoTime() - warm < 0; ) {
        round(server, load, new LevelTimes(Map.of()));
      }
      times = new LevelTimes(server.processes());
      long end = after(options.seconds());
      do {
        double[] round = round(server, load, times);
        speeds.add(round);
        System.out.println(Arrays.stream(round).mapToObj("%8.1f"::formatted).collect(joining()));
      } while (System.nanoTime() - end < 0);
    }
    System.out.printf("%d rounds, medians%n%s%n", speeds.rounds(), speeds.table(withGoals));
    System.out.printf("%s%n%s%n", times.table(), times.shares(speeds.speed(0)));
  }

  private static long after(int seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  /** All levels once; what comes first in one round comes later in another. */
  private double[] round(ServeProcess server, Load load, LevelTimes times)
      throws IOException, InterruptedException {
    List<Integer> order = new ArrayList<>(IntStream.range(0, LevelSpeeds.LEVELS).boxed().toList());
    Collections.shuffle(order, random);
    double[] speeds = new double[LevelSpeeds.LEVELS];
    for (int level : order) {
      server.level(level);
      times.begin();
      speeds[level] = load.run();
      times.end(level, (long) options.clients() * options.tokens());
    }
    return speeds;
  }

  /** Shows that the levels are what they are called. */
  private List<Long> spans(ServeProcess server, Load load)
      throws IOException, InterruptedException {
    List<Long> spans = new ArrayList<>();
    for (int level = 0; level < LevelSpeeds.LEVELS; level++) {
      server.level(level);
      long before = settled();
      load.run();
      spans.add((settled() - before) / options.clients());
    }
    return spans;
  }

  /** Spans received once no more come: batches are sent five times a second. */
  private long settled() throws InterruptedException {
    long last = -1;
    while (last != receiver.spans()) {
      last = receiver.spans();
      TimeUnit.MILLISECONDS.sleep(600);
    }
    return last;
  }
}
