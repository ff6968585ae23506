package dev.serving.core.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The KV blocks of one sequence, in the order of its tokens. Only {@link BlockManager} puts blocks
 * in and takes them out.
 */
final class BlockTable {
  private final List<BlockKey> keys = new ArrayList<>();
  private int[] blocks = new int[4];
  private int size;
  private int told;

  /** How many blocks from the front are full and known by their keys. */
  int keyed;

  /**
   * The key of a full block, computed when it is first asked for; it stays when the blocks go,
   * since a sequence's tokens never change.
   */
  BlockKey key(int index, int[] tokens, int blockSize) {
    for (int i = keys.size(); i <= index; i++) {
      BlockKey before = i == 0 ? BlockKey.ROOT : keys.get(i - 1);
      keys.add(before.next(tokens, i * blockSize, blockSize));
    }
    return keys.get(index);
  }

  int size() {
    return size;
  }

  int block(int index) {
    return blocks[index];
  }

  /** The blocks that were added since the last call: what the ranks do not know yet. */
  int[] takeNew() {
    int[] added = Arrays.copyOfRange(blocks, told, size);
    told = size;
    return added;
  }

  void add(int block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * size);
    }
    blocks[size++] = block;
  }

  void clear() {
    size = 0;
    told = 0;
    keyed = 0;
  }
}
