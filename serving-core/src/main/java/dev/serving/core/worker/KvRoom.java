package dev.serving.core.worker;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.model.KvCache;
import dev.serving.core.model.ModelConfig;
import dev.serving.core.model.Shard;

/** How many KV blocks a rank makes. */
public final class KvRoom {
  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 64L;

  private KvRoom() {}

  /**
   * Looks at what can be known before the weights are loaded.
   *
   * @throws IllegalArgumentException when not even one block fits the configured bytes
   */
  public static void check(CacheConfig cache, ModelConfig model, Shard shard) {
    long block = KvCache.leastBytesPerBlock(model, shard, cache.blockSize());
    if (cache.bytes() > 0 && cache.bytes() < block) {
      throw new IllegalArgumentException(
          "--kv-cache-bytes is %d, and a block of %d tokens takes at least %d"
              .formatted(cache.bytes(), cache.blockSize(), block));
    }
  }

  /**
   * As many as the configured bytes hold; else as many as the share of what the heap has left, but
   * no more than twice of what all sequences at full length need: one for those who run, one to
   * keep prefixes.
   *
   * @param left bytes of the heap that the weights leave
   * @throws IllegalArgumentException when not even one block fits, or more is asked for than is
   *     left, with the numbers
   */
  static int blocks(
      CacheConfig cache, SchedulerConfig scheduler, ModelConfig model, Shard shard, long left) {
    long perBlock = KvCache.bytesPerBlock(model, shard, cache.blockSize());
    if (cache.bytes() > left) {
      throw new IllegalArgumentException(
          "--kv-cache-bytes is %d MB and the weights leave %d MB of the heap: raise --engine-heap or"
                  .formatted(cache.bytes() >> 20, left >> 20)
              + " ask for less");
    }
    long budget = cache.bytes() > 0 ? cache.bytes() : (long) (left * cache.memoryShare());
    long blocks = Math.min(budget / perBlock, largest(perBlock, model));
    if (cache.bytes() == 0) {
      blocks = Math.min(blocks, 2 * useful(cache, scheduler, model));
    }
    if (blocks < 1) {
      throw new IllegalArgumentException(
          "the KV cache has %d bytes and a block needs %d: raise --kv-cache-bytes or the heap"
              .formatted(budget, perBlock));
    }
    return (int) blocks;
  }

  private static long useful(CacheConfig cache, SchedulerConfig scheduler, ModelConfig model) {
    long length =
        scheduler.maxModelLength() > 0 ? scheduler.maxModelLength() : model.maxPositions();
    long perSequence = (length + cache.blockSize() - 1) / cache.blockSize();
    return perSequence * scheduler.maxSequences();
  }

  /** Keys, or values, of a layer are one array. */
  private static long largest(long perBlock, ModelConfig model) {
    return LARGEST_ARRAY * Float.BYTES / (perBlock / model.layers());
  }
}
