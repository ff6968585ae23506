package dev.serving.core.model;

import dev.serving.core.model.kernel.Kernels;

/**
 * One rank's keys and values, in blocks of positions that sequences own. Who owns which block is
 * the caller's business.
 *
 * <p>In a block, keys lie as {@code [kvHead][dimension][position]}, so that the scores of
 * neighbouring positions are lanes of a vector, and values as {@code
 * [kvHead][position][dimension]}. Both are filled up to whole vectors. Not thread-safe: one forward
 * pass at a time.
 */
public final class KvCache {
  private final int blocks;
  private final int blockSize;
  private final int headDim;
  private final int keyWidth;
  private final int valueWidth;
  private final int kvHeads;
  private final float[][] keys;
  private final float[][] values;

  /**
   * Allocates the cache.
   *
   * @throws IllegalArgumentException if a size is not positive or a layer would not fit an array
   */
  public KvCache(ModelConfig config, Shard shard, int blocks, int blockSize) {
    if (blocks < 1 || blockSize < 1) {
      throw new IllegalArgumentException(
          "a KV cache needs blocks and a block size, not " + blocks + " and " + blockSize);
    }
    Kernels kernels = Kernels.best();
    this.blocks = blocks;
    this.blockSize = blockSize;
    headDim = config.headDim();
    kvHeads = shard.kvHeads(config);
    keyWidth = kernels.padded(blockSize);
    valueWidth = kernels.padded(headDim);
    keys = new float[config.layers()][length(headDim * keyWidth)];
    values = new float[config.layers()][length(blockSize * valueWidth)];
  }

  /** Bytes of memory that one block takes over all layers on one rank. */
  public static long bytesPerBlock(ModelConfig config, Shard shard, int blockSize) {
    Kernels kernels = Kernels.best();
    long key = (long) config.headDim() * kernels.padded(blockSize);
    long value = (long) blockSize * kernels.padded(config.headDim());
    return 4L * config.layers() * shard.kvHeads(config) * (key + value);
  }

  /** As {@link #bytesPerBlock}, whatever width the kernels of the machine that has it like. */
  public static long leastBytesPerBlock(ModelConfig config, Shard shard, int blockSize) {
    return 2L
        * Float.BYTES
        * config.layers()
        * shard.kvHeads(config)
        * config.headDim()
        * blockSize;
  }

  /** The number of blocks. */
  public int blocks() {
    return blocks;
  }

  /** Positions in a block. */
  public int blockSize() {
    return blockSize;
  }

  /** Stores one position's key and value of one head. */
  void store(int layer, int head, int block, int slot, float[] from, int keyAt, int valueAt) {
    float[] k = keys[layer];
    int to = keyAt(head, block) + slot;
    for (int d = 0; d < headDim; d++, to += keyWidth) {
      k[to] = from[keyAt + d];
    }
    int valueTo = valueAt(head, block) + slot * valueWidth;
    System.arraycopy(from, valueAt, values[layer], valueTo, headDim);
  }

  float[] keys(int layer) {
    return keys[layer];
  }

  float[] values(int layer) {
    return values[layer];
  }

  int keyAt(int head, int block) {
    return (block * kvHeads + head) * headDim * keyWidth;
  }

  int valueAt(int head, int block) {
    return (block * kvHeads + head) * blockSize * valueWidth;
  }

  int keyWidth() {
    return keyWidth;
  }

  int valueWidth() {
    return valueWidth;
  }

  private int length(int perHead) {
    long n = (long) blocks * kvHeads * perHead;
    if (n > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "%d blocks of %d positions are more than one cache can hold; at most %d"
              .formatted(
                  blocks, blockSize, (Integer.MAX_VALUE - 64L) / ((long) kvHeads * perHead)));
    }
    return (int) n;
  }
}
