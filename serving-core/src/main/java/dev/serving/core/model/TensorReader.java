package dev.serving.core.model;

import dev.serving.core.model.kernel.RowSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads weights from the files of a checkpoint, which it keeps open until it is closed.
 *
 * <p>Reads into buffers rather than mapping: mapped pages would count as resident memory beside the
 * packed weights until some later collection. Each thread reads into one buffer again and again: a
 * buffer for each read would touch as much fresh memory as the weights themselves.
 */
final class TensorReader implements AutoCloseable {
  /** Rows {@code firstRow ..} and columns {@code firstColumn ..} of a matrix. */
  record Slice(TensorInfo tensor, int firstRow, int rows, int firstColumn, int columns) {
    static Slice rows(TensorInfo tensor, int firstRow, int rows) {
      return new Slice(tensor, firstRow, rows, 0, (int) tensor.shape()[1]);
    }

    static Slice columns(TensorInfo tensor, int firstColumn, int columns) {
      return new Slice(tensor, 0, (int) tensor.shape()[0], firstColumn, columns);
    }
  }

  private final Map<Path, FileChannel> channels = new HashMap<>();
  private final ThreadLocal<ByteBuffer> buffers = ThreadLocal.withInitial(() -> direct(1 << 16));

  /** Part of a tensor of one dimension. */
  float[] vector(TensorInfo tensor, int first, int length) {
    float[] values = new float[length];
    floats(read(tensor, first, length), tensor.type(), values, 0, length);
    return values;
  }

  /** The rows of slices of the same width, one slice after the other. */
  RowSource rows(List<Slice> slices) {
    return new RowSource() {
      @Override
      public void floats(int firstRow, int count, float[] into) {
        int width = slices.get(0).columns();
        runs(slices, firstRow, count, (s, row, n, at) -> floatRows(s, row, n, into, at * width));
      }

      @Override
      public void bf16Pairs(int firstRow, int count, int[] into) {
        int half = slices.get(0).columns() / 2;
        runs(slices, firstRow, count, (s, row, n, at) -> pairRows(s, row, n, into, at * half));
      }
    };
  }

  @Override
  public synchronized void close() {
    for (FileChannel c : channels.values()) {
      try {
        c.close();
      } catch (IOException e) {
        throw new CheckpointException("a weight file cannot be closed: " + e, e);
      }
    }
    channels.clear();
  }

  /** What to do with rows of one slice that land at row {@code at} of the result. */
  private interface Run {
    void take(Slice slice, int row, int count, int at);
  }

  private static void runs(List<Slice> slices, int firstRow, int count, Run run) {
    int sliceAt = 0;
    for (Slice s : slices) {
      int from = Math.max(firstRow, sliceAt);
      int to = Math.min(firstRow + count, sliceAt + s.rows());
      if (from < to) {
        run.take(s, s.firstRow() + from - sliceAt, to - from, from - firstRow);
      }
      sliceAt += s.rows();
    }
  }

  private void floatRows(Slice s, int row, int count, float[] into, int at) {
    for (int r = 0; r < count; r += rowsAtOnce(s, count)) {
      int n = rowsAtOnce(s, count) * s.columns();
      floats(readRow(s, row + r, n), s.tensor().type(), into, at + r * s.columns(), n);
    }
  }

  private void pairRows(Slice s, int row, int count, int[] into, int at) {
    for (int r = 0; r < count; r += rowsAtOnce(s, count)) {
      int n = rowsAtOnce(s, count) * s.columns();
      pairs(readRow(s, row + r, n), s.tensor().type(), into, at + r * (s.columns() / 2), n);
    }
  }

  /** Whole rows lie together in the file; parts of rows do not. */
  private static int rowsAtOnce(Slice s, int count) {
    return s.columns() == s.tensor().shape()[1] ? count : 1;
  }

  private ByteBuffer readRow(Slice s, int row, int count) {
    return read(s.tensor(), row * s.tensor().shape()[1] + s.firstColumn(), count);
  }

  private ByteBuffer read(TensorInfo tensor, long first, int count) {
    int width = tensor.type().bytes;
    ByteBuffer buffer = buffer(count * width);
    long at = tensor.begin() + first * width;
    try {
      while (buffer.hasRemaining()) {
        if (channel(tensor.file()).read(buffer, at + buffer.position()) < 0) {
          throw new CheckpointException(
              "%s ended while tensor %s was read".formatted(tensor.file(), tensor.name()));
        }
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "%s: tensor %s cannot be read: %s".formatted(tensor.file(), tensor.name(), e), e);
    }
    return buffer.flip();
  }

  /** The calling thread's buffer, empty, with room for so many bytes. */
  private ByteBuffer buffer(int bytes) {
    if (buffers.get().capacity() < bytes) {
      buffers.set(direct(bytes));
    }
    return buffers.get().clear().limit(bytes);
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private synchronized FileChannel channel(Path file) throws IOException {
    FileChannel open = channels.get(file);
    if (open == null) {
      open = FileChannel.open(file, StandardOpenOption.READ);
      channels.put(file, open);
    }
    return open;
  }

  private static void floats(ByteBuffer from, TensorInfo.Type type, float[] into, int at, int n) {
    if (type == TensorInfo.Type.F32) {
      from.asFloatBuffer().get(into, at, n);
      return;
    }
    short[] shorts = new short[n]; // in one go: one by one each has a check of its own
    from.asShortBuffer().get(shorts);
    if (type == TensorInfo.Type.BF16) {
      for (int i = 0; i < n; i++) {
        into[at + i] = Float.intBitsToFloat(shorts[i] << 16);
      }
    } else {
      for (int i = 0; i < n; i++) {
        into[at + i] = Float16.toFloat(shorts[i]);
      }
    }
  }

  private static void pairs(ByteBuffer from, TensorInfo.Type type, int[] into, int at, int n) {
    if (type == TensorInfo.Type.BF16) {
      // Little-endian ints are the pairs already.
      from.asIntBuffer().get(into, at, n / 2);
      return;
    }
    float[] values = new float[n];
    floats(from, type, values, 0, n);
    for (int i = 0; i < n; i += 2) {
      into[at + i / 2] = RowSource.bf16Pair(values[i], values[i + 1]);
    }
  }
}
