package dev.serving.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.model.kernel.ThreadTeam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This shows what is read from a good checkpoint, and what happens when it changes meanwhile. */
class CheckpointTest {
  @TempDir Path directory;

  @Test
  void severalStopTokensComeFromTheGenerationConfig() throws IOException {
    TinyCheckpoint.llama().write(directory);
    generation("{\"eos_token_id\": [2, 7], \"temperature\": 0.6, \"top_k\": 20}");
    GenerationConfig generation = Checkpoint.open(directory).generation();
    assertThat(generation.stopTokens()).containsExactlyInAnyOrder(2, 7);
    assertThat(generation.temperature()).hasValue(0.6);
    assertThat(generation.topK()).hasValue(20);
    assertThat(generation.topP()).isEmpty();
  }

  @Test
  void withoutAGenerationConfigTheStopTokenIsThatOfTheModel() throws IOException {
    TinyCheckpoint.llama().write(directory);
    assertThat(Checkpoint.open(directory).generation().stopTokens()).containsExactly(2);
  }

  @Test
  void samplingThatIsSwitchedOffMeansATemperatureOfZero() throws IOException {
    TinyCheckpoint.llama().write(directory);
    generation("{\"do_sample\": false, \"temperature\": 0.6}");
    assertThat(Checkpoint.open(directory).generation().temperature()).hasValue(0);
  }

  /** What a file recommends never refuses a model: transformers loads these, too. */
  @Test
  void recommendationsOfAWrongKindAreNone() throws IOException {
    TinyCheckpoint.llama().write(directory);
    generation(
        "{\"do_sample\": \"yes\", \"temperature\": \"0.6\", \"top_k\": [1], \"min_p\": null}");
    GenerationConfig read = Checkpoint.open(directory).generation();
    assertThat(read.temperature()).isEmpty();
    assertThat(read.topK()).isEmpty();
    assertThat(read.minP()).isEmpty();
  }

  /** A model that was saved without its head's class: transformers loads both. */
  @Test
  void aCheckpointOfTheBaseModelIsRead() throws IOException {
    TinyCheckpoint tiny = TinyCheckpoint.qwen2().with("model_type", "qwen2");
    tiny.with("architectures", List.of("Qwen2Model")).write(directory);
    Path file = directory.resolve("model.safetensors");
    String whole = Files.readString(file, StandardCharsets.ISO_8859_1);
    // Spaces keep the header as long as its length says.
    String base = whole.replaceAll("\"model\\.([a-z0-9_.]+)\":", "\"$1\":      ");
    Files.writeString(file, base, StandardCharsets.ISO_8859_1);
    assertThat(base).isNotEqualTo(whole).hasSameSizeAs(whole);
    assertThat(Checkpoint.open(directory).config().architecture())
        .isEqualTo(ModelConfig.Architecture.QWEN2);
  }

  @Test
  void sectionsThatSayNothingAndNumbersOfPythonsAreRead() throws IOException {
    TinyCheckpoint.llama()
        .with("rope_scaling", Map.of())
        .with("quantization_config", Map.of())
        .with("something_new", Map.of("a", 1))
        .write(directory);
    Path config = directory.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(
        config, text.replaceFirst("\\{", "{\"limits\": [Infinity, -Infinity, NaN], "));
    generation(
        "{\"top_k\": -1, \"top_p\": \"much\", \"eos_token_id\": [null, -1, 2], \"min_p\": 0.1}");
    GenerationConfig generation = Checkpoint.open(directory).generation();
    assertThat(generation.stopTokens()).containsExactly(2);
    assertThat(generation.topK()).hasValue(-1);
    assertThat(generation.topP()).isEmpty();
    assertThat(generation.minP()).hasValue(0.1);
  }

  @Test
  void windowsAreThoseOfTheLayers() throws IOException {
    assertThat(windows(TinyCheckpoint.mistral())).containsExactly(7, 7, 7);
    assertThat(windows(TinyCheckpoint.mistral().with("sliding_window", null)))
        .containsExactly(4096, 4096, 4096);
    TinyCheckpoint qwen = TinyCheckpoint.qwen2().with("sliding_window", 9);
    assertThat(windows(qwen)).containsExactly(0, 0, 0);
    qwen.with("use_sliding_window", true).with("max_window_layers", 2);
    assertThat(windows(qwen)).containsExactly(0, 0, 9);
    qwen.with("layer_types", List.of("sliding_attention", "full_attention", "full_attention"));
    assertThat(windows(qwen)).containsExactly(9, 0, 0);
  }

  @Test
  void rotaryPositionsAreReadInBothStyles() throws IOException {
    Map<String, Object> four = Map.of("type", "linear", "factor", 4);
    Map<String, Object> five = Map.of("rope_type", "linear", "factor", 4, "rope_theta", 10000.0);
    RopeConfig old = rope(TinyCheckpoint.llama().with("rope_scaling", four));
    RopeConfig now =
        rope(TinyCheckpoint.llama().with("rope_theta", null).with("rope_parameters", five));
    assertThat(now).isEqualTo(old);
    assertThat(old.type()).isEqualTo(RopeConfig.Type.LINEAR);
  }

  @Test
  void weightsThatAreCutOffAfterOpeningAreNamed() throws IOException {
    Checkpoint checkpoint = Checkpoint.open(TinyCheckpoint.llama().write(directory));
    Path weights = directory.resolve("model.safetensors");
    try (var channel = Files.newByteChannel(weights, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1000);
    }
    try (ThreadTeam team = new ThreadTeam(2)) {
      assertThatThrownBy(
              () ->
                  Transformer.load(checkpoint, WeightType.BF16, Shard.WHOLE, Collective.SOLO, team))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("model.safetensors ended while tensor model.layers.2.");
    }
  }

  @Test
  void aBatchOutsideTheModelIsRefused() throws IOException {
    Checkpoint checkpoint = Checkpoint.open(TinyCheckpoint.llama().write(directory));
    try (ThreadTeam team = new ThreadTeam(1)) {
      Transformer model =
          Transformer.load(checkpoint, WeightType.BF16, Shard.WHOLE, Collective.SOLO, team);
      KvCache cache = new KvCache(model.config(), Shard.WHOLE, 2, 4);
      float[] logits = new float[101];
      assertThatThrownBy(() -> model.forward(one(101, 0, 0), cache, logits))
          .hasMessage("token 101 is not in a vocabulary of 101");
      assertThatThrownBy(() -> model.forward(one(1, 4, 0), cache, logits))
          .hasMessageContaining("position 4 has no block");
      assertThatThrownBy(() -> model.forward(one(1, 0, 2), cache, logits))
          .hasMessageContaining("outside the cache's 2");
    }
  }

  @Test
  void aCacheSaysWhatItTakes() throws IOException {
    ModelConfig config = Checkpoint.open(TinyCheckpoint.llama().write(directory)).config();
    long whole = KvCache.bytesPerBlock(config, Shard.WHOLE, 16);
    assertThat(whole).isGreaterThanOrEqualTo(4L * 3 * 2 * 12 * 16 * 2);
    assertThat(KvCache.bytesPerBlock(config, new Shard(1, 2), 16)).isEqualTo(whole / 2);
    assertThatThrownBy(() -> new KvCache(config, Shard.WHOLE, Integer.MAX_VALUE, 16))
        .hasMessageContaining("more than one cache can hold; at most");
  }

  private static ForwardBatch one(int token, int position, int block) {
    return ForwardBatch.of(new int[] {token}, position, new int[] {block});
  }

  private List<Integer> windows(TinyCheckpoint tiny) throws IOException {
    return Checkpoint.open(tiny.write(directory)).config().windows();
  }

  private RopeConfig rope(TinyCheckpoint tiny) throws IOException {
    return Checkpoint.open(tiny.write(directory)).config().rope();
  }

  /** transformers starts without it then, too: it catches what reading the file throws. */
  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"temperature\": 0.6", "null"})
  void aDamagedRecommendationIsNone(String damaged) throws IOException {
    TinyCheckpoint.llama().write(directory);
    generation(damaged);
    GenerationConfig generation = Checkpoint.open(directory).generation();
    assertThat(generation.temperature()).isEmpty();
    assertThat(generation.stopTokens()).as("those of config.json").containsExactly(2);
  }

  private void generation(String json) throws IOException {
    Files.writeString(directory.resolve("generation_config.json"), json);
  }
}
