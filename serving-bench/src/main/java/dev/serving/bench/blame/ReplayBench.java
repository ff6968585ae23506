package dev.serving.bench.blame;

import dev.serving.bench.blame.BlameClient.Times;
import dev.serving.bench.model.RandomCheckpoint;
import dev.serving.bench.model.RandomCheckpoint.Shape;
import dev.serving.bench.model.RandomTokenizer;
import dev.serving.bench.server.ServeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Whether "alone it would have taken" is true: requests that shared a crowd, each run again alone
 * with the same tokens, and what was said beside what was measured.
 *
 * <p>A machine is not the same from one minute to the next, and nobody who knows it by its past can
 * say better than it repeats itself. So crowds and lone runs take turns, and those turns are short:
 * the model is small enough that a crowd of a dozen and all its lone runs take some seconds, and
 * large enough that a step of it is computing, where with the model that ships a thread that wakes
 * late is several steps. What one lone run says of the others is told beside it.
 */
public final class ReplayBench {
  private static final int LETTERS = 200; // ids that every tokenizer has
  private static final int AT_ONCE = 12;
  private static final int WARM_UP = 36;
  private static final int LONE = 24; // an engine speaks of "alone" from twenty on

  private ReplayBench() {}

  /**
   * Takes the number of requests (default 200), how often each is run alone (default 6), and the
   * directory of a checkpoint (default: a random one of 100 MB, made once); runs in the project's
   * directory, built.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int replays = args.length > 1 ? Integer.parseInt(args[1]) : 6;
    Path model = args.length > 2 ? Path.of(args[2]) : randomModel();
    try (ServeProcess server =
        ServeProcess.start(Path.of(""), model, "--no-prefix-caching", "--lifecycle-log=off")) {
      List<Asked> requests = requests(count, 7);
      BlameClient client = new BlameClient(server.uri(), server.model());
      List<Asked> others = requests(WARM_UP, 8);
      client.all(others, AT_ONCE); // warm up
      client.all(others.subList(0, LONE), 1); // as a server in use has seen them
      List<Replay> all = new ArrayList<>();
      for (int from = 0; from < count; from += AT_ONCE) {
        List<Asked> crowd = requests.subList(from, Math.min(count, from + AT_ONCE));
        all.addAll(crowd(client, crowd, replays));
      }
      System.out.printf(
          "%d requests to %s, %d at once, by turns with %d lone runs of each; measured is the median"
              + " of %d, one lone run is the other%n",
          count, model.getFileName(), AT_ONCE, replays, replays - 1);
      new ReplayTable(all).print();
    }
  }

  private static Path randomModel() throws IOException {
    Path model = RandomCheckpoint.write(Path.of("target/random-middle"), Shape.MIDDLE);
    RandomTokenizer.write(model, Shape.MIDDLE);
    return model;
  }

  private static List<Replay> crowd(BlameClient client, List<Asked> requests, int replays)
      throws IOException, InterruptedException {
    List<Times> crowded = client.all(requests, requests.size());
    List<List<Times>> alone = new ArrayList<>();
    for (int i = 0; i < replays; i++) {
      alone.add(client.all(requests, 1));
    }
    List<Replay> all = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      int request = i;
      List<Times> runs = alone.stream().map(of -> of.get(request)).toList();
      all.add(new Replay(requests.get(i), crowded.get(i), runs.get(0), runs.subList(1, replays)));
    }
    return all;
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

  /** What is asked for. */
  record Asked(List<Integer> prompt, int tokens) {}

  /** A request in a crowd, and alone: once, and some further times. */
  record Replay(Asked asked, Times crowded, Times once, List<Times> further) {}
}
