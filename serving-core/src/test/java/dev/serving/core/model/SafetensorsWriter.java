package dev.serving.core.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Writes safetensors files for tests: right ones, and wrong ones by way of {@link #header}. */
final class SafetensorsWriter {
  private record Entry(String dtype, long[] shape, byte[] data) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Adds a bf16 tensor of normal random numbers around a mean. */
  SafetensorsWriter random(
      Random random, String name, double mean, double deviation, long... shape) {
    int n = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
    ByteBuffer data = ByteBuffer.allocate(2 * n).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      float value = (float) (mean + deviation * random.nextGaussian());
      data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return raw(name, "BF16", data.array(), shape);
  }

  /** Adds a tensor of any bytes. */
  SafetensorsWriter raw(String name, String dtype, byte[] data, long... shape) {
    entries.put(name, new Entry(dtype, shape, data));
    return this;
  }

  /** Removes a tensor. */
  SafetensorsWriter without(String name) {
    entries.remove(name);
    return this;
  }

  /** The header that describes the tensors truly. */
  String header() {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    long at = 0;
    for (Map.Entry<String, Entry> e : entries.entrySet()) {
      long end = at + e.getValue().data().length;
      json.append(entry(e.getKey(), e.getValue().dtype(), e.getValue().shape(), at, end));
      at = end;
    }
    return json.append('}').toString();
  }

  void write(Path file) throws IOException {
    write(file, header());
  }

  /** Writes the tensors under a header of the caller's making. */
  void write(Path file, String header) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    int size = entries.values().stream().mapToInt(e -> e.data().length).sum();
    ByteBuffer all = ByteBuffer.allocate(8 + text.length + size).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(text.length).put(text);
    entries.values().forEach(e -> all.put(e.data()));
    Files.write(file, all.array());
  }

  private static String entry(String name, String dtype, long[] shape, long begin, long end) {
    String dims = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(","));
    return ",\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, dims, begin, end);
  }
}
