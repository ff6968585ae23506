package dev.serving.core.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The header of a safetensors file: 8 bytes of length, a JSON object of tensors, then their bytes.
 * Everything in it is checked against the size of the file before it is believed.
 */
final class Safetensors {
  /** Above any real header; one with 100,000 tensors has 10 MB. */
  private static final long MAX_HEADER = 32L << 20;

  private final Path file;
  private final long fileSize;
  private final long dataAt;

  private Safetensors(Path file, long fileSize, long dataAt) {
    this.file = file;
    this.fileSize = fileSize;
    this.dataAt = dataAt;
  }

  /** Reads the header and nothing else. */
  static Map<String, TensorInfo> header(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long length = length(file, channel, size);
      byte[] header = read(file, channel, 8, (int) length).array();
      JsonFile json = JsonFile.parse(file + " (header)", header);
      return new Safetensors(file, size, 8 + length).tensors(json.root());
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static long length(Path file, FileChannel channel, long size) throws IOException {
    if (size < 8) {
      throw new CheckpointException(
          "%s has %d bytes, too few for a safetensors file".formatted(file, size));
    }
    long length = read(file, channel, 0, 8).getLong(0);
    if (length < 2 || length > size - 8) {
      throw new CheckpointException(
          "%s: the header is %s bytes long by its own word, in a file of %d; truncated or damaged"
              .formatted(file, Long.toUnsignedString(length), size));
    }
    if (length > MAX_HEADER) {
      throw new CheckpointException(
          "%s: a header of %d bytes; at most %d are read".formatted(file, length, MAX_HEADER));
    }
    return length;
  }

  private static ByteBuffer read(Path file, FileChannel channel, long at, int n)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new CheckpointException(file + " ended while its header was read");
      }
    }
    return buffer;
  }

  private Map<String, TensorInfo> tensors(JsonNode header) {
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    List<long[]> ranges = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> e : header.properties()) {
      if (!e.getKey().equals("__metadata__")) {
        tensor(e.getKey(), e.getValue(), tensors, ranges, names);
      }
    }
    refuseOverlaps(ranges, names);
    return tensors;
  }

  private void tensor(
      String name,
      JsonNode node,
      Map<String, TensorInfo> tensors,
      List<long[]> ranges,
      List<String> names) {
    long begin = whole(name, node.path("data_offsets").path(0), "data_offsets");
    long end = whole(name, node.path("data_offsets").path(1), "data_offsets");
    if (end < begin || end > fileSize - dataAt) {
      throw bad(
          name, "its bytes %d to %d lie outside the file's %d".formatted(begin, end, dataBytes()));
    }
    if (end > begin) {
      ranges.add(new long[] {begin, end, names.size()});
      names.add(name);
    }
    long[] shape = shape(name, node.path("shape"));
    String storedAs = node.path("dtype").asString("?");
    TensorInfo.Type type = type(storedAs);
    long wanted = bytes(name, shape, type);
    // The size of an unknown type is unknown; it is refused if the model needs the tensor.
    if (type != TensorInfo.Type.OTHER && wanted != end - begin) {
      throw bad(name, "its shape needs %d bytes and it has %d".formatted(wanted, end - begin));
    }
    tensors.put(
        name, new TensorInfo(name, file, type, storedAs, shape, dataAt + begin, end - begin));
  }

  private long dataBytes() {
    return fileSize - dataAt;
  }

  private long[] shape(String name, JsonNode node) {
    if (!node.isArray() || node.size() > 8) {
      throw bad(name, "its shape is no list of at most 8 numbers");
    }
    long[] shape = new long[node.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = whole(name, node.path(i), "shape");
    }
    return shape;
  }

  private long bytes(String name, long[] shape, TensorInfo.Type type) {
    long n = type.bytes;
    try {
      for (long d : shape) {
        n = Math.multiplyExact(n, d);
      }
    } catch (ArithmeticException e) {
      throw bad(name, "its shape overflows");
    }
    return n;
  }

  private static TensorInfo.Type type(String storedAs) {
    return switch (storedAs) {
      case "BF16" -> TensorInfo.Type.BF16;
      case "F16" -> TensorInfo.Type.F16;
      case "F32" -> TensorInfo.Type.F32;
      default -> TensorInfo.Type.OTHER;
    };
  }

  private long whole(String name, JsonNode node, String field) {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw bad(name, "its %s holds %s".formatted(field, node.isMissingNode() ? "nothing" : node));
    }
    return node.longValue();
  }

  private void refuseOverlaps(List<long[]> ranges, List<String> names) {
    ranges.sort(Comparator.comparingLong(r -> r[0]));
    for (int i = 1; i < ranges.size(); i++) {
      long[] before = ranges.get(i - 1);
      if (ranges.get(i)[0] < before[1]) {
        throw bad(
            names.get((int) ranges.get(i)[2]),
            "its bytes overlap those of " + names.get((int) before[2]));
      }
    }
  }

  private CheckpointException bad(String name, String what) {
    return new CheckpointException("%s: tensor %s: %s".formatted(file, name, what));
  }
}
