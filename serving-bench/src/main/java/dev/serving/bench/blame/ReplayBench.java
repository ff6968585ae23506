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
 * Whether "alone it would have taken" is true: requests that shared a crowd, each run again alone
 * with the same tokens, and what was said beside what was measured.
 *
 * <p>A machine is not the same from one minute to the next. So crowds and lone runs take turns: a
 * crowd of a dozen, each of it again alone, the next crowd. What a lone run says of another is told
 * beside it: nobody who knows a machine by its lone runs can say better than that.
 */
public final class ReplayBench {
  private static final int LETTERS = 200; // ids that every tokenizer has
  private static final int AT_ONCE = 12;
  private static final int WARM_UP = 300;
  private static final int LONE = 60;
  private static final int REPLAYS = 6;

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
      List<Case> cases = new ArrayList<>();
      for (int from = 0; from < count; from += AT_ONCE) {
        cases.addAll(crowd(client, requests.subList(from, Math.min(count, from + AT_ONCE))));
      }
      System.out.printf(
          "%d requests, %d at once, by turns with %d lone runs of each; measured is the median of"
              + " %d, one lone run is the other%n",
          count, AT_ONCE, REPLAYS, REPLAYS - 1);
      tell("time to first token", cases, Times::firstAloneNs, Times::firstNs);
      tell("mean time of a token", cases, t -> t.perToken(true), t -> t.perToken(false));
      tell("whole request", cases, Times::aloneNs, Times::ns);
      tellCauses(cases);
    }
  }

  /** A request in a crowd, and alone: once, and some further times. */
  private record Case(Times crowded, Times once, List<Times> further) {}

  private static List<Case> crowd(BlameClient client, List<Asked> requests)
      throws IOException, InterruptedException {
    List<Times> crowded = client.all(requests, requests.size());
    List<List<Times>> alone = new ArrayList<>();
    for (int i = 0; i < REPLAYS; i++) {
      alone.add(client.all(requests, 1));
    }
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      int request = i;
      List<Times> runs = alone.stream().map(all -> all.get(request)).toList();
      cases.add(new Case(crowded.get(i), runs.get(0), runs.subList(1, REPLAYS)));
    }
    return cases;
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
      List<Case> cases,
      ToDoubleFunction<Times> said,
      ToDoubleFunction<Times> measured) {
    List<Double> off = new ArrayList<>();
    List<Double> noise = new ArrayList<>();
    double slower = 0;
    for (Case one : cases) {
      double truth = median(one.further().stream().mapToDouble(measured).toArray());
      off.add(said.applyAsDouble(one.crowded()) / truth - 1);
      noise.add(measured.applyAsDouble(one.once()) / truth - 1);
      slower += measured.applyAsDouble(one.crowded()) / truth / cases.size();
    }
    System.out.printf(
        Locale.ROOT,
        "%-21s crowded %4.1f times as slow; what was said is off by %s; one lone run by %s%n",
        what,
        slower,
        errors(off),
        errors(noise));
  }

  private static String errors(List<Double> off) {
    double[] errors = off.stream().mapToDouble(Math::abs).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%4.1f %% (median), %5.1f %% (p95), its own median %+5.1f %%",
        100 * errors[errors.length / 2],
        100 * errors[errors.length * 95 / 100],
        100 * median(off.stream().mapToDouble(x -> x).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void tellCauses(List<Case> cases) {
    Map<String, Double> busy = means(cases.stream().map(Case::crowded).toList());
    Map<String, Double> quiet = means(cases.stream().map(Case::once).toList());
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
