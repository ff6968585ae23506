package dev.serving.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.model.kernel.ThreadTeam;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows that every architecture and every kind of rope computes what {@code transformers}
 * does, at every position; {@code tools/parity} made the golden values.
 */
class ParityTest {
  private static final float TOLERANCE = 5e-4f;
  private static final Path ROOT = root();

  @TempDir Path directory;

  static Stream<String> cases() throws IOException {
    try (Stream<Path> cases = Files.list(ROOT.resolve("cases"))) {
      List<String> names = cases.map(c -> c.getFileName().toString()).sorted().toList();
      return names.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesInF32(String name) throws IOException {
    assertThat(largestDifference(name, "config.json", WeightType.F32, 7))
        .isLessThanOrEqualTo(TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithAConfigurationInTheStyleOfTransformers5(String name) throws IOException {
    assertThat(largestDifference(name, "config-v5.json", WeightType.F32, 40))
        .isLessThanOrEqualTo(TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-llama3", "mistral-window"})
  void weightsStoredInBf16LoseNothingInBf16(String name) throws IOException {
    assertThat(largestDifference(name, "config.json", WeightType.BF16, 1))
        .isLessThanOrEqualTo(TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-plain", "qwen2", "qwen3"})
  void int8MovesLogitsByAFractionOfTheirSpread(String name) throws IOException {
    Golden golden = Golden.read(name);
    float[] logits = run(name, "config.json", WeightType.INT8, golden, 40);
    double squares = 0;
    for (int i = 0; i < logits.length; i++) {
      squares += Math.pow(logits[i] - golden.logits[i], 2);
    }
    assertThat(Math.sqrt(squares / logits.length)).isBetween(1e-4, 0.1 * golden.deviation);
  }

  private float largestDifference(String name, String config, WeightType type, int chunk)
      throws IOException {
    Golden golden = Golden.read(name);
    float[] logits = run(name, config, type, golden, chunk);
    float largest = 0;
    for (int i = 0; i < logits.length; i++) {
      largest = Math.max(largest, Math.abs(logits[i] - golden.logits[i]));
    }
    assertThat(greedy(logits, golden)).containsExactly(golden.greedy);
    return largest;
  }

  /** The prompt in chunks, then the golden answer token by token. */
  private float[] run(String name, String config, WeightType type, Golden golden, int chunk)
      throws IOException {
    assemble(golden.weights, ROOT.resolve("cases").resolve(name).resolve(config));
    try (ThreadTeam team = new ThreadTeam(2)) {
      Checkpoint checkpoint = Checkpoint.open(directory);
      Transformer model = Transformer.load(checkpoint, type, Shard.WHOLE, Collective.SOLO, team);
      KvCache cache = new KvCache(model.config(), Shard.WHOLE, 16, 16);
      int vocabulary = model.config().vocabSize();
      float[] all = new float[golden.logits.length];
      int rows = all.length / vocabulary;
      for (int from = 0, n; from < rows; from += n) {
        n = from < golden.prompt.length ? Math.min(chunk, golden.prompt.length - from) : 1;
        float[] logits = new float[n * vocabulary];
        model.forward(chunk(golden.tokens(), from, n), cache, logits);
        System.arraycopy(logits, 0, all, from * vocabulary, logits.length);
      }
      return all;
    }
  }

  private static ForwardBatch chunk(int[] tokens, int from, int n) {
    int[] blocks = IntStream.range(0, 16).map(i -> 15 - i).toArray();
    return new ForwardBatch(
        n,
        IntStream.range(from, from + n).map(i -> tokens[i]).toArray(),
        IntStream.range(from, from + n).toArray(),
        new int[n],
        new int[][] {blocks},
        IntStream.range(0, n).toArray());
  }

  private void assemble(String weights, Path config) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("weights").resolve(weights))) {
      for (Path f : files.toList()) {
        Files.copy(f, directory.resolve(f.getFileName().toString()));
      }
    }
    Files.copy(config, directory.resolve("config.json"));
  }

  private static int[] greedy(float[] logits, Golden golden) {
    int vocabulary = logits.length / golden.tokens().length;
    int first = golden.prompt.length - 1;
    return IntStream.range(0, golden.greedy.length)
        .map(i -> argmax(logits, (first + i) * vocabulary, vocabulary))
        .toArray();
  }

  private static int argmax(float[] logits, int from, int n) {
    int best = 0;
    for (int i = 1; i < n; i++) {
      best = logits[from + i] > logits[from + best] ? i : best;
    }
    return best;
  }

  private static Path root() {
    try {
      URI uri = ParityTest.class.getResource("/parity").toURI();
      return Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What transformers gave. */
  private record Golden(
      String weights, int[] prompt, int[] greedy, double deviation, float[] logits) {
    static Golden read(String name) throws IOException {
      Path at = ROOT.resolve("cases").resolve(name);
      JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(at.resolve("golden.json")));
      return new Golden(
          json.path("weights").stringValue(),
          ints(json.path("prompt")),
          ints(json.path("greedy")),
          json.path("logit_deviation").doubleValue(),
          logits(at.resolve("logits.safetensors")));
    }

    /** All tokens but the last, which nothing follows. */
    int[] tokens() {
      IntStream all = IntStream.concat(IntStream.of(prompt), IntStream.of(greedy));
      return all.limit(prompt.length + greedy.length - 1L).toArray();
    }

    private static float[] logits(Path file) {
      Map<String, TensorInfo> tensors = Safetensors.header(file);
      TensorInfo tensor = tensors.get("logits");
      try (TensorReader reader = new TensorReader()) {
        return reader.vector(tensor, 0, Math.toIntExact(tensor.length() / 4));
      }
    }

    private static int[] ints(JsonNode array) {
      return StreamSupport.stream(array.spliterator(), false)
          .mapToInt(JsonNode::intValue)
          .toArray();
    }
  }
}
