package dev.serving.core.config;

/**
 * How much memory the KV cache takes, and in what pieces.
 *
 * @param blockSize tokens in a block ({@code --block-size})
 * @param bytes size of one rank's cache in bytes ({@code --kv-cache-bytes}); 0 takes {@code
 *     memoryShare} instead
 * @param memoryShare share of the heap that is left when the weights are loaded, above 0 and below
 *     1 ({@code --kv-cache-share})
 * @param prefixReuse whether prompts that begin alike share blocks ({@code --prefix-caching})
 */
public record CacheConfig(int blockSize, long bytes, double memoryShare, boolean prefixReuse) {
  /** Blocks of 16 tokens, half of the heap that is left, prefixes shared. */
  public static final CacheConfig DEFAULT = new CacheConfig(16, 0, 0.5, true);

  /** Refuses sizes that hold nothing, naming the option. */
  public CacheConfig {
    if (blockSize < 1 || blockSize > 1024) {
      throw new IllegalArgumentException("--block-size must be 1 to 1024, was " + blockSize);
    }
    if (bytes < 0) {
      throw new IllegalArgumentException("--kv-cache-bytes must not be negative, was " + bytes);
    }
    if (!(memoryShare > 0 && memoryShare < 1)) {
      throw new IllegalArgumentException(
          "--kv-cache-share must be above 0 and below 1, was " + memoryShare);
    }
  }
}
