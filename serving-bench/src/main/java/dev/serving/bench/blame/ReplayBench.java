package dev.serving.bench.blame;

import dev.serving.bench.server.ServeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Whether "alone it would have taken" is true: requests from a crowded run, each run again alone
 * with the same tokens, and what was said beside what was measured.
 */
public final class ReplayBench {
  private static final int LETTERS = 200; // ids that every tokenizer has
  private static final int AT_ONCE = 12;

  private ReplayBench() {}

  /** Takes the number of requests (default 200); runs in the project's directory, built. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    Path model = Path.of("models/serving-demo");
    try (ServeProcess server =
        ServeProcess.start(Path.of(""), model, "--no-prefix-caching", "--lifecycle-log=off")) {
      List<Asked> requests = requests(count);
      BlameClient client = new BlameClient(server.uri(), server.model());
      client.all(requests.subList(0, count / 4), AT_ONCE); // warm up
      List<BlameClient.Times> crowded = client.all(requests, AT_ONCE);
      List<BlameClient.Times> alone = client.all(requests, 1);
      tell(
          "time to first token", crowded, alone, BlameClient.Times::firstAloneNs, t -> t.firstNs());
      tell("mean time of a token", crowded, alone, t -> t.perToken(true), t -> t.perToken(false));
      tell("whole request", crowded, alone, BlameClient.Times::aloneNs, t -> t.ns());
    }
  }

  private static List<Asked> requests(int count) {
    Random random = new Random(7);
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
      List<BlameClient.Times> crowded,
      List<BlameClient.Times> alone,
      ToDoubleFunction<BlameClient.Times> said,
      ToDoubleFunction<BlameClient.Times> measured) {
    double[] errors = new double[crowded.size()];
    double slower = 0;
    for (int i = 0; i < errors.length; i++) {
      double truth = measured.applyAsDouble(alone.get(i));
      errors[i] = Math.abs(said.applyAsDouble(crowded.get(i)) - truth) / truth;
      slower += measured.applyAsDouble(crowded.get(i)) / truth / errors.length;
    }
    Arrays.sort(errors);
    System.out.printf(
        Locale.ROOT,
        "%-22s crowded %.1f times as slow; error of what was said: median %.1f %%, p95 %.1f %%%n",
        what,
        slower,
        100 * errors[errors.length / 2],
        100 * errors[errors.length * 95 / 100]);
  }

  /** What is asked for. */
  record Asked(List<Integer> prompt, int tokens) {}
}
