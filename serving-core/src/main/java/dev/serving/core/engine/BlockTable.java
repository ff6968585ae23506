package dev.serving.core.engine;

import java.util.Arrays;

/**
 * The KV blocks of one sequence, in the order of its tokens. Only {@link BlockManager} puts blocks
 * in and takes them out.
 */
final class BlockTable {
  private int[] blocks = new int[4];
  private int size;
  private int told;

  /** How many blocks from the front are full of computed tokens and known by {@link #lastKey}. */
  int keyed;

  /** The key of the last keyed block. */
  BlockKey lastKey = BlockKey.ROOT;

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
    lastKey = BlockKey.ROOT;
  }
}
