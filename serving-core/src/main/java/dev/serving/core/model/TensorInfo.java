package dev.serving.core.model;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a tensor lies.
 *
 * @param name its name in the checkpoint
 * @param file the file that holds it
 * @param type how its numbers are stored
 * @param storedAs the same in the file's word
 * @param shape its dimensions, outermost first
 * @param begin its first byte in the file
 * @param length its bytes
 */
record TensorInfo(
    String name, Path file, Type type, String storedAs, long[] shape, long begin, long length) {
  /** The stored types; those that can be read, and the rest. */
  enum Type {
    BF16(2),
    F16(2),
    F32(4),
    OTHER(0);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  boolean hasShape(long... wanted) {
    return Arrays.equals(shape, wanted);
  }
}
