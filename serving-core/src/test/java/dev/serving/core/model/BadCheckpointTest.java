package dev.serving.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This shows the one line that each kind of bad checkpoint gets, before any weight is read. The
 * table in {@code docs/checkpoints.md} is compared with it.
 */
class BadCheckpointTest {
  private static final Path TABLE = Path.of("..", "docs", "checkpoints.md");
  private static final String Q = "model.layers.1.self_attn.q_proj.weight";
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir Path directory;

  /** A way to spoil a directory that holds a good checkpoint. */
  private interface Spoil {
    void accept(Path directory) throws IOException;
  }

  /** A kind of bad checkpoint and the message it gets, with DIR for the directory. */
  private record Bad(String kind, Spoil spoil, String message) {
    @Override
    public String toString() {
      return kind;
    }
  }

  static Stream<Bad> all() {
    return Stream.of(configurations(), ropes(), weights(), headers(), shards())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("all")
  void getsOneClearLine(Bad bad) throws IOException {
    TinyCheckpoint.llama().write(directory);
    bad.spoil().accept(directory);
    CheckpointException e =
        catchThrowableOfType(CheckpointException.class, () -> Checkpoint.open(directory));
    assertThat(e).isNotNull();
    assertThat(e.getMessage().replace(directory.toString(), "DIR")).isEqualTo(bad.message());
    assertThat(e.getMessage().lines()).hasSize(1);
  }

  @Test
  void theTableInTheDocumentationIsTrue() throws IOException {
    List<String> rows =
        all()
            .map(b -> "| %s | `%s` |".formatted(b.kind(), b.message().replace("|", "\\|")))
            .toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(25);
    assertThat(Files.readAllLines(TABLE)).containsSubsequence(rows);
  }

  private static List<Bad> configurations() {
    return List.of(
        new Bad(
            "no config.json",
            d -> Files.delete(d.resolve("config.json")),
            "DIR/config.json is missing"),
        text("config.json is empty", "", "DIR/config.json does not hold a JSON object"),
        text(
            "config.json is cut off",
            "{\"architectures\": [",
            "DIR/config.json is not valid JSON: Unexpected end-of-input at line 1, column 20"),
        text("config.json is a list", "[]", "DIR/config.json does not hold a JSON object"),
        text(
            "a field twice",
            "{\"a\":1,\"a\":2}",
            "DIR/config.json is not valid JSON: Duplicate Object property \"a\" at line 1, column 11"),
        config(
            "another architecture",
            "architectures",
            List.of("GPT2LMHeadModel"),
            "architecture \"GPT2LMHeadModel\" (supported: LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM) in DIR/config.json is not supported"),
        config(
            "no architecture",
            "architectures",
            null,
            "architecture (none named) (supported: LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM) in DIR/config.json is not supported"),
        config(
            "a quantised checkpoint",
            "quantization_config",
            Map.of("quant_method", "gptq"),
            "quantization_config 'gptq' in DIR/config.json is not supported"),
        config(
            "another activation",
            "hidden_act",
            "gelu",
            "hidden_act 'gelu' in DIR/config.json is not supported"),
        config("a missing size", "hidden_size", null, "DIR/config.json has no hidden_size"),
        config(
            "a size as text",
            "hidden_size",
            "48",
            "hidden_size of DIR/config.json must be a whole number, not \"48\""),
        config(
            "a negative size",
            "intermediate_size",
            -72,
            "intermediate_size of DIR/config.json is -72; supported are 2 to 1048576"),
        config(
            "a size of 10^12",
            "vocab_size",
            1_000_000_000_000L,
            "vocab_size of DIR/config.json must be a whole number, not 1000000000000"),
        config(
            "heads that do not divide",
            "num_key_value_heads",
            3,
            "num_attention_heads 4 is no multiple of num_key_value_heads 3 in DIR/config.json is not supported"),
        config(
            "an odd head",
            "head_dim",
            11,
            "head_dim must be positive and even, not 11 in DIR/config.json is not supported"),
        config(
            "a flag as number",
            "tie_word_embeddings",
            1,
            "tie_word_embeddings of DIR/config.json must be true or false, not 1"),
        config(
            "a bad stop token",
            "eos_token_id",
            List.of(2, "x"),
            "eos_token_id \"x\" in DIR/config.json is not supported"));
  }

  private static List<Bad> ropes() {
    return List.of(
        config(
            "an unknown rope type",
            "rope_scaling",
            Map.of("rope_type", "longrope", "factor", 2),
            "rope type 'longrope' in DIR/config.json (rope_scaling) is not supported"),
        config(
            "an unknown rope type, version 5",
            "rope_parameters",
            Map.of("rope_type", "proportional"),
            "rope type 'proportional' in DIR/config.json (rope_parameters) is not supported"),
        config(
            "rope without its factor",
            "rope_scaling",
            Map.of("type", "linear"),
            "a rope type without factor in DIR/config.json (rope_scaling) is not supported"),
        config(
            "a rope factor below 1",
            "rope_scaling",
            Map.of("type", "linear", "factor", 0),
            "rope needs a theta above 1, a factor of at least 1 and a length, not 10000.0, 0.0, 256 in DIR/config.json is not supported"),
        config(
            "a partly turned head",
            "partial_rotary_factor",
            0.5,
            "partial_rotary_factor 0.5 in DIR/config.json is not supported"));
  }

  private static List<Bad> weights() {
    return List.of(
        new Bad(
            "no weights",
            d -> Files.delete(d.resolve(WEIGHTS)),
            "DIR has neither model.safetensors nor model.safetensors.index.json"),
        new Bad(
            "only pytorch_model.bin",
            d -> Files.move(d.resolve(WEIGHTS), d.resolve("pytorch_model.bin")),
            "DIR holds pytorch_model.bin; only safetensors is read: convert it first"),
        tensors("a missing tensor", w -> w.without(Q), "DIR: tensor " + Q + " is missing"),
        tensors(
            "a tensor of another shape",
            w -> w.raw(Q, "BF16", new byte[48 * 24 * 2], 24, 48),
            "DIR/model.safetensors: tensor "
                + Q
                + " has the shape [24, 48]; config.json asks for [48, 48]"),
        tensors(
            "a tensor of an unread type",
            w -> w.raw(Q, "F8_E4M3", new byte[48 * 48], 48, 48),
            "DIR/model.safetensors: tensor "
                + Q
                + " is stored as F8_E4M3; supported are BF16, F16 and F32"),
        config(
            "a config that does not fit the weights",
            "hidden_size",
            50,
            "DIR/model.safetensors: tensor model.embed_tokens.weight has the shape [101, 48]; config.json asks for [101, 50]"),
        config(
            "a config that asks for terabytes",
            "vocab_size",
            16_000_000,
            "DIR/model.safetensors: tensor model.embed_tokens.weight has the shape [101, 48]; config.json asks for [16000000, 48]"));
  }

  private static List<Bad> headers() {
    return List.of(
        new Bad(
            "an empty file",
            d -> Files.write(d.resolve(WEIGHTS), new byte[0]),
            "DIR/model.safetensors has 0 bytes, too few for a safetensors file"),
        length(
            "a header of 4 GB in a small file",
            1L << 32,
            500_000,
            "DIR/model.safetensors: the header is 4294967296 bytes long by its own word, in a file of 500000; truncated or damaged"),
        length(
            "a header of 4 GB in a large file",
            1L << 32,
            5L << 30,
            "DIR/model.safetensors: a header of 4294967296 bytes; at most 33554432 are read"),
        length(
            "a negative header",
            -1,
            500_000,
            "DIR/model.safetensors: the header is 18446744073709551615 bytes long by its own word, in a file of 500000; truncated or damaged"),
        new Bad(
            "a header that is no JSON",
            d -> TinyCheckpoint.llama().weights().write(d.resolve(WEIGHTS), "pickle!"),
            "DIR/model.safetensors (header) is not valid JSON: Unrecognized token 'pickle' at line 1, column 1"),
        header(
            "a file that was cut off",
            "\"data_offsets\":[0,9696]",
            "\"data_offsets\":[0,9696000]",
            "tensor model.embed_tokens.weight: its bytes 0 to 9696000 lie outside the file's 126106"),
        header(
            "offsets that run backwards",
            "\"data_offsets\":[0,9696]",
            "\"data_offsets\":[9696,0]",
            "tensor model.embed_tokens.weight: its bytes 9696 to 0 lie outside the file's 126106"),
        header(
            "a negative offset",
            "\"data_offsets\":[0,9696]",
            "\"data_offsets\":[-1,9696]",
            "tensor model.embed_tokens.weight: its data_offsets holds -1"),
        header(
            "tensors that overlap",
            "\"data_offsets\":[9696,9792]",
            "\"data_offsets\":[9600,9696]",
            "tensor model.norm.weight: its bytes overlap those of model.embed_tokens.weight"),
        header(
            "a shape that lies",
            "\"shape\":[101,48]",
            "\"shape\":[101,4800]",
            "tensor model.embed_tokens.weight: its shape needs 969600 bytes and it has 9696"),
        header(
            "a shape that overflows",
            "\"shape\":[101,48]",
            "\"shape\":[4611686018427387904,48]",
            "tensor model.embed_tokens.weight: its shape overflows"),
        header(
            "a shape of text",
            "\"shape\":[101,48]",
            "\"shape\":\"big\"",
            "tensor model.embed_tokens.weight: its shape is no list of at most 8 numbers"),
        header(
            "no offsets",
            "\"data_offsets\":[0,9696]",
            "\"offsets\":[0,9696]",
            "tensor model.embed_tokens.weight: its data_offsets holds nothing"));
  }

  private static List<Bad> shards() {
    return List.of(
        index("an index of no tensors", "{}", "DIR: tensor model.embed_tokens.weight is missing"),
        index(
            "a shard that is not there",
            "{\"weight_map\":{\"a\":\"model-00001.safetensors\"}}",
            "DIR/model.safetensors.index.json names model-00001.safetensors, which is not there"),
        index(
            "a shard outside the directory",
            "{\"weight_map\":{\"a\":\"../../etc/x.safetensors\"}}",
            "DIR/model.safetensors.index.json: tensor a lies in \"../../etc/x.safetensors\", which is no file name"),
        index(
            "a tensor that its shard lacks",
            "{\"weight_map\":{\"a\":\"weights.safetensors\"}}",
            "DIR/model.safetensors.index.json: tensor a is not in weights.safetensors"));
  }

  private static Bad text(String kind, String json, String message) {
    return new Bad(kind, d -> Files.writeString(d.resolve("config.json"), json), message);
  }

  private static Bad config(String kind, String field, Object value, String message) {
    return new Bad(kind, d -> TinyCheckpoint.llama().with(field, value).writeConfig(d), message);
  }

  private interface Change {
    SafetensorsWriter apply(SafetensorsWriter weights);
  }

  private static Bad tensors(String kind, Change change, String message) {
    return new Bad(
        kind,
        d -> change.apply(TinyCheckpoint.llama().weights()).write(d.resolve(WEIGHTS)),
        message);
  }

  private static Bad header(String kind, String from, String to, String message) {
    return new Bad(
        kind,
        d -> {
          SafetensorsWriter weights = TinyCheckpoint.llama().weights();
          assertThat(weights.header()).contains(from);
          weights.write(d.resolve(WEIGHTS), weights.header().replace(from, to));
        },
        "DIR/model.safetensors: " + message);
  }

  /** A file of zeros (a sparse one) whose header's length is a lie. */
  private static Bad length(String kind, long length, long fileSize, String message) {
    return new Bad(
        kind,
        d -> {
          ByteBuffer field = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          field.putLong(length).flip();
          Files.delete(d.resolve(WEIGHTS));
          try (RandomAccessFile file = new RandomAccessFile(d.resolve(WEIGHTS).toFile(), "rw")) {
            file.setLength(fileSize);
            file.getChannel().write(field, 0);
          }
        },
        message);
  }

  private static Bad index(String kind, String json, String message) {
    return new Bad(
        kind,
        d -> {
          Files.move(d.resolve(WEIGHTS), d.resolve("weights.safetensors"));
          Files.writeString(d.resolve(INDEX), json);
        },
        message);
  }
}
