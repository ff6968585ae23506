package dev.serving.core.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who owns which block of the KV cache. A block is in one of three states:
 *
 * <pre>
 *   free ──take──► used (by 1..n sequences) ──last release──► cached, if its content is keyed
 *    ▲                 ▲                                        │   │    (else free)
 *    │                 └────────── reuse by the same prefix ────┘   │
 *    └───────────────────────── evict, least recently used ◄────────┘
 * </pre>
 *
 * <p>free + cached + used = capacity, always. Owned by the scheduler's thread.
 */
final class BlockManager {
  private final int blockSize;
  private final boolean prefixReuse;
  private final int[] users;
  private final BlockKey[] keys;
  private final Map<BlockKey, Integer> byKey = new HashMap<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Set<Integer> cached = new LinkedHashSet<>(); // first is least recently used

  /**
   * All blocks free.
   *
   * @param capacity how many blocks there are
   * @param blockSize tokens in each
   * @param prefixReuse whether sequences that begin alike share blocks
   */
  BlockManager(int capacity, int blockSize, boolean prefixReuse) {
    this.blockSize = blockSize;
    this.prefixReuse = prefixReuse;
    users = new int[capacity];
    keys = new BlockKey[capacity];
    for (int block = 0; block < capacity; block++) {
      free.add(block);
    }
  }

  int capacity() {
    return users.length;
  }

  /** Blocks that nobody uses and that hold nothing of use. */
  int free() {
    return free.size();
  }

  /** Blocks that nobody uses and that a later prompt may reuse. */
  int cached() {
    return cached.size();
  }

  /** Blocks that at least one sequence uses. */
  int used() {
    return capacity() - available();
  }

  /** Blocks that can be had now. */
  int available() {
    return free.size() + cached.size();
  }

  /** Blocks that hold this many tokens. */
  int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /**
   * Gives a sequence that has none blocks for all its tokens, shared ones first.
   *
   * @param table the sequence's empty table
   * @param tokens its tokens
   * @param length how many there are, at least 1
   * @param reserve blocks that must be left over for others
   * @param reuse whether it may share blocks: not where all its tokens must be computed
   * @return how many of the tokens are in the cache already, always less than {@code length} since
   *     the last one must be computed; or -1, and nothing changed, when there are too few blocks
   */
  int admit(BlockTable table, int[] tokens, int length, int reserve, boolean reuse) {
    List<Integer> shared = prefixReuse && reuse ? lookUp(table, tokens, length) : List.of();
    long idle = shared.stream().filter(block -> users[block] == 0).count();
    int fresh = blocksFor(length) - shared.size();
    if (available() - idle - fresh < reserve) {
      return -1;
    }
    for (int block : shared) {
      share(block);
      table.add(block);
    }
    table.keyed = shared.size();
    grow(table, length);
    return shared.size() * blockSize;
  }

  /**
   * Makes room for a sequence's next tokens.
   *
   * @param length tokens that the table must hold
   * @return false, and nothing changed, when there are too few blocks
   */
  boolean grow(BlockTable table, int length) {
    int missing = blocksFor(length) - table.size();
    if (missing > available()) {
      return false;
    }
    for (int i = 0; i < missing; i++) {
      int block = take();
      users[block] = 1;
      table.add(block);
    }
    return true;
  }

  /**
   * The step that is being made fills a sequence's first tokens. Full blocks are shared from now
   * on, also with sequences that come later in the same step: in each layer ranks store all rows
   * before any of them attends.
   *
   * @param filled how many tokens
   */
  void fill(BlockTable table, int[] tokens, int filled) {
    if (!prefixReuse) {
      return;
    }
    for (; (table.keyed + 1) * blockSize <= filled; table.keyed++) {
      BlockKey key = table.key(table.keyed, tokens, blockSize);
      int block = table.block(table.keyed);
      if (keys[block] == null && byKey.putIfAbsent(key, block) == null) {
        keys[block] = key;
      }
    }
  }

  /** Takes all blocks from a sequence. The tail is evicted before the head, which others share. */
  void release(BlockTable table) {
    for (int i = table.size() - 1; i >= 0; i--) {
      int block = table.block(i);
      if (--users[block] == 0) {
        if (keys[block] == null) {
          free.push(block);
        } else {
          cached.add(block);
        }
      }
    }
    table.clear();
  }

  /** Full blocks with the same beginning. */
  private List<Integer> lookUp(BlockTable table, int[] tokens, int length) {
    List<Integer> found = new ArrayList<>();
    for (int index = 0; (index + 1) * blockSize < length; index++) {
      Integer block = byKey.get(table.key(index, tokens, blockSize));
      if (block == null) {
        break;
      }
      found.add(block);
    }
    return found;
  }

  private void share(int block) {
    if (users[block]++ == 0) {
      cached.remove(block);
    }
  }

  private int take() {
    if (!free.isEmpty()) {
      return free.pop();
    }
    Iterator<Integer> oldest = cached.iterator();
    int block = oldest.next();
    oldest.remove();
    byKey.remove(keys[block]);
    keys[block] = null;
    return block;
  }
}
