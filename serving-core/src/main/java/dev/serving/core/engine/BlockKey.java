package dev.serving.core.engine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a full KV block holds: its tokens and all that came before them, as 128 bits of a chained
 * SHA-256. Equal keys mean equal contents.
 */
record BlockKey(long high, long low) {
  /** What comes before the first block. */
  static final BlockKey ROOT = new BlockKey(0, 0);

  /** The key of the block that follows this one and holds {@code tokens[from .. from+count)}. */
  BlockKey next(int[] tokens, int from, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES + count * Integer.BYTES);
    bytes.putLong(high).putLong(low);
    for (int i = from; i < from + count; i++) {
      bytes.putInt(tokens[i]);
    }
    ByteBuffer digest = ByteBuffer.wrap(sha256(bytes.array()));
    return new BlockKey(digest.getLong(), digest.getLong());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
