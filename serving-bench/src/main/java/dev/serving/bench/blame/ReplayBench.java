package dev.serving.bench.blame;

import dev.serving.bench.blame.BlameClient.Times;
import dev.serving.bench.server.ServeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Whether "alone it would have taken" is true: requests from a crowded run, each run again alone
 * with the same tokens, and what was said beside what was measured.
 */
public final class ReplayBench {
  private static final int LETTERS = 200; // ids that every tokenizer has
  private static final int AT_ONCE = 12;
  private static final int WARM_UP = 300;
  private static final int LONE = 60;
  private static final int REPLAYS = 3;

  private ReplayBench() {}

  /** Takes the number of requests (default 200); runs in the project's directory, built. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    Path model = Path.of("models/serving-demo");
    try (ServeProcess server =
        ServeProcess.start(Path.of(""), model, "--no-prefix-caching", "--lifecycle-log=off")) {
      List<Asked> requests = requests(count, 7);
      BlameClient client = new BlameClient(server.uri(), server.model());
      List<Asked> others = requests(WARM_UP, 8);
      client.all(others, AT_ONCE); // warm up
      client.all(others.subList(0, LONE), 1); // a server in use has seen lone requests
      List<Times> crowded = client.all(requests, AT_ONCE);
      List<List<Times>> alone = new ArrayList<>();
      for (int i = 0; i < REPLAYS; i++) {
        alone.add(client.all(requests, 1));
      }
      System.out.printf(
          "%d requests, %d at once; each %d times alone, of which the median counts%n",
          count, AT_ONCE, REPLAYS);
      tell("time to first token", crowded, alone, Times::firstAloneNs, Times::firstNs);
      tell("mean time of a token", crowded, alone, t -> t.perToken(true), t -> t.perToken(false));
      tell("whole request", crowded, alone, Times::aloneNs, Times::ns);
      tellCauses(crowded, alone.get(0));
    }
  }

  private static List<Asked> requests(int count, int seed) {
    Random random = new Random(seed);
    List<Asked> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(4) == 0 ? 200 + random.nextInt(200) : 10 + random.nextInt(60);
      List<Integer> prompt =
          IntStream.range(0, length).mapToObj(t -> 3 + random.nextInt(LETTERS)).toList();
      requests.add(new Asked(prompt, 8 + random.nextInt(60)));
    }
    return requests;
  }

  private static void tell(
      String what,
      List<Times> crowded,
      List<List<Times>> alone,
      ToDoubleFunction<Times> said,
      ToDoubleFunction<Times> measured) {
    double[] errors = new double[crowded.size()];
    double[] noise = new double[crowded.size()];
    double slower = 0;
    double bias = 0;
    for (int i = 0; i < errors.length; i++) {
      int request = i;
      double[] runs =
          alone.stream().mapToDouble(r -> measured.applyAsDouble(r.get(request))).toArray();
      double truth = median(runs.clone());
      double off = said.applyAsDouble(crowded.get(i)) / truth - 1;
      errors[i] = Math.abs(off);
      noise[i] = Math.abs(runs[0] / truth - 1);
      bias += off / errors.length;
      slower += measured.applyAsDouble(crowded.get(i)) / truth / errors.length;
    }
    Arrays.sort(errors);
    Arrays.sort(noise);
    System.out.printf(
        Locale.ROOT,
        "%-21s crowded %4.1f times as slow; what was said is off by %4.1f %% (median), %5.1f %%"
            + " (p95), mean %+5.1f %%; one lone run is off by %4.1f %%, %4.1f %%%n",
        what,
        slower,
        100 * median(errors),
        100 * errors[errors.length * 95 / 100],
        100 * bias,
        100 * median(noise),
        100 * noise[noise.length * 95 / 100]);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void tellCauses(List<Times> crowded, List<Times> alone) {
    Map<String, Double> busy = means(crowded);
    Map<String, Double> quiet = means(alone);
    System.out.printf("%n%-18s %12s %12s   mean us of a request%n", "cause", "crowded", "alone");
    busy.forEach(
        (cause, ns) ->
            System.out.printf(
                Locale.ROOT,
                "%-18s %12.1f %12.1f%n",
                cause,
                ns / 1e3,
                quiet.getOrDefault(cause, 0.0) / 1e3));
  }

  private static Map<String, Double> means(List<Times> times) {
    Map<String, Double> means = new TreeMap<>();
    for (Times t : times) {
      t.causes()
          .forEach((cause, ns) -> means.merge(cause, (double) ns / times.size(), Double::sum));
    }
    return means;
  }

  /** What is asked for. */
  record Asked(List<Integer> prompt, int tokens) {}
}
