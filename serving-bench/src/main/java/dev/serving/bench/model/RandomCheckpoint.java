package dev.serving.bench.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Writes a checkpoint of random bf16 weights in some shape. */
public final class RandomCheckpoint {
  private static final int CHUNK = 1 << 20;

  private static final String CONFIG =
      """
      {"architectures": ["Qwen2ForCausalLM"], "hidden_size": %d, "num_hidden_layers": %d,
       "num_attention_heads": %d, "num_key_value_heads": %d, "intermediate_size": %d,
       "vocab_size": %d, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6,
       "rope_theta": 1000000.0, "tie_word_embeddings": true, "hidden_act": "silu",
       "torch_dtype": "bfloat16", "eos_token_id": 2}
      """;

  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final Shape shape;
  private long state = 0x9E3779B97F4A7C15L;

  private RandomCheckpoint(Shape shape) {
    this.shape = shape;
    shapes.put("model.embed_tokens.weight", new long[] {shape.vocabulary, shape.hidden});
    shapes.put("model.norm.weight", new long[] {shape.hidden});
    for (int i = 0; i < shape.layers; i++) {
      layer("model.layers." + i + ".");
    }
  }

  /** What a model is made of; heads have 64 dimensions. */
  public enum Shape {
    /** Qwen2-0.5B: about 1 GB, whose steps take as long as memory takes to hand it over. */
    QWEN2_HALF_BILLION(896, 24, 14, 2, 4864, 151_936),
    /**
     * About 100 MB: the steps of a request are far longer than handing them over, and soon done.
     */
    MIDDLE(512, 12, 8, 2, 2048, 8192);

    static final int HEAD = 64;

    final int hidden;
    final int layers;
    final int heads;
    final int kvHeads;
    final int feedForward;
    final int vocabulary;

    Shape(int hidden, int layers, int heads, int kvHeads, int feedForward, int vocabulary) {
      this.hidden = hidden;
      this.layers = layers;
      this.heads = heads;
      this.kvHeads = kvHeads;
      this.feedForward = feedForward;
      this.vocabulary = vocabulary;
    }
  }

  /** Writes one in the shape of Qwen2-0.5B, unless it is there already. */
  public static Path write(Path directory) throws IOException {
    return write(directory, Shape.QWEN2_HALF_BILLION);
  }

  /** Writes one in this shape, unless there is one already. */
  public static Path write(Path directory, Shape shape) throws IOException {
    Path weights = directory.resolve("model.safetensors");
    if (!Files.exists(weights)) {
      Files.createDirectories(directory);
      new RandomCheckpoint(shape).weights(weights);
      Files.writeString(
          directory.resolve("config.json"),
          CONFIG.formatted(
              shape.hidden,
              shape.layers,
              shape.heads,
              shape.kvHeads,
              shape.feedForward,
              shape.vocabulary));
    }
    return directory;
  }

  private void layer(String at) {
    int hidden = shape.hidden;
    int queries = shape.heads * Shape.HEAD;
    int keys = shape.kvHeads * Shape.HEAD;
    shapes.put(at + "input_layernorm.weight", new long[] {hidden});
    shapes.put(at + "post_attention_layernorm.weight", new long[] {hidden});
    shapes.put(at + "self_attn.q_proj.weight", new long[] {queries, hidden});
    shapes.put(at + "self_attn.q_proj.bias", new long[] {queries});
    shapes.put(at + "self_attn.k_proj.weight", new long[] {keys, hidden});
    shapes.put(at + "self_attn.k_proj.bias", new long[] {keys});
    shapes.put(at + "self_attn.v_proj.weight", new long[] {keys, hidden});
    shapes.put(at + "self_attn.v_proj.bias", new long[] {keys});
    shapes.put(at + "self_attn.o_proj.weight", new long[] {hidden, queries});
    shapes.put(at + "mlp.gate_proj.weight", new long[] {shape.feedForward, hidden});
    shapes.put(at + "mlp.up_proj.weight", new long[] {shape.feedForward, hidden});
    shapes.put(at + "mlp.down_proj.weight", new long[] {hidden, shape.feedForward});
  }

  private void weights(Path file) throws IOException {
    byte[] header = header().getBytes(StandardCharsets.UTF_8);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer head = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
      out.write(head.putLong(header.length).put(header).flip());
      ByteBuffer chunk = ByteBuffer.allocateDirect(2 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      for (Map.Entry<String, long[]> e : shapes.entrySet()) {
        boolean norm = e.getKey().endsWith("norm.weight");
        for (long left = elements(e.getValue()); left > 0; left -= CHUNK) {
          out.write(random(chunk.clear(), (int) Math.min(left, CHUNK), norm));
        }
      }
    }
  }

  /** Uniform numbers within 0.035, or norms about 1: a bf16's bits are a float's upper half. */
  private ByteBuffer random(ByteBuffer chunk, int n, boolean norm) {
    for (int i = 0; i < n; i++) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      float value = (short) state / 32768.0f;
      float scaled = norm ? 1 + 0.2f * value : 0.035f * value;
      chunk.putShort((short) (Float.floatToRawIntBits(scaled) >>> 16));
    }
    return chunk.flip();
  }

  private String header() {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    long at = 0;
    for (Map.Entry<String, long[]> e : shapes.entrySet()) {
      long end = at + 2 * elements(e.getValue());
      String dims = Arrays.toString(e.getValue());
      json.append(
          ",\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(e.getKey(), dims, at, end));
      at = end;
    }
    return json.append('}').toString();
  }

  private static long elements(long[] shape) {
    return LongStream.of(shape).reduce(1, (a, b) -> a * b);
  }
}
