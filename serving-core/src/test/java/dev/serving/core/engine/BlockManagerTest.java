package dev.serving.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** This shows which KV blocks a sequence gets, which it shares, and which are evicted first. */
class BlockManagerTest {
  private static final int[] TOKENS = IntStream.range(0, 64).toArray();

  private final BlockManager blocks = new BlockManager(8, 4, true);

  @Test
  void aSequenceGetsAsManyBlocksAsItsTokensFill() {
    BlockTable table = new BlockTable();
    assertThat(blocks.admit(table, TOKENS, 9, 0, true)).isZero();
    assertThat(table.size()).isEqualTo(3);
    assertThat(blocks.grow(table, 12)).isTrue();
    assertThat(table.size()).isEqualTo(3);
    assertThat(blocks.grow(table, 13)).isTrue();
    assertThat(table.size()).isEqualTo(4);
    assertThat(blocks.used()).isEqualTo(4);
  }

  @Test
  void theRanksAreToldOfEachBlockOnce() {
    BlockTable table = new BlockTable();
    blocks.admit(table, TOKENS, 9, 0, true);
    assertThat(table.takeNew()).hasSize(3);
    assertThat(table.takeNew()).isEmpty();
    blocks.grow(table, 13);
    assertThat(table.takeNew()).containsExactly(table.block(3));
  }

  @Test
  void whatDoesNotFitChangesNothing() {
    BlockTable first = new BlockTable();
    blocks.admit(first, TOKENS, 20, 0, true);
    BlockTable second = new BlockTable();
    assertThat(blocks.admit(second, IntStream.range(100, 164).toArray(), 13, 0, true))
        .isEqualTo(-1);
    assertThat(second.size()).isZero();
    assertThat(blocks.grow(first, 40)).isFalse();
    assertThat(blocks.used()).isEqualTo(5);
    assertThat(blocks.admit(second, TOKENS, 12, 1, true)).isEqualTo(-1);
    assertThat(blocks.admit(second, TOKENS, 12, 0, true)).isZero();
  }

  /** This shows how two sequences share what they have in common while both run. */
  @Test
  void runningSequencesShareTheirCommonBeginning() {
    BlockTable first = computed(TOKENS, 10);
    BlockTable second = new BlockTable();
    assertThat(blocks.admit(second, TOKENS, 12, 0, true)).isEqualTo(8);
    assertThat(second.block(0)).isEqualTo(first.block(0));
    assertThat(second.block(1)).isEqualTo(first.block(1));
    assertThat(second.block(2)).isNotEqualTo(first.block(2));
    blocks.release(first);
    assertThat(blocks.used()).isEqualTo(3);
    blocks.release(second);
    assertThat(blocks.used()).isZero();
    assertThat(blocks.cached()).isEqualTo(2);
  }

  @Test
  void theLastTokenIsAlwaysComputed() {
    blocks.release(computed(TOKENS, 8));
    assertThat(blocks.admit(new BlockTable(), TOKENS, 8, 0, true)).isEqualTo(4);
    assertThat(blocks.admit(new BlockTable(), TOKENS, 9, 0, true)).isEqualTo(8);
  }

  @Test
  void onlyFullBlocksAreShared() {
    BlockTable table = new BlockTable();
    blocks.admit(table, TOKENS, 12, 0, true);
    blocks.fill(table, TOKENS, 7);
    assertThat(blocks.admit(new BlockTable(), TOKENS, 12, 0, true)).isEqualTo(4);
  }

  /** The same tokens after other ones are other content. */
  @Test
  void aBlockIsKnownByAllThatCameBeforeIt() {
    blocks.release(computed(TOKENS, 12));
    int[] other = TOKENS.clone();
    other[0] = 99;
    assertThat(blocks.admit(new BlockTable(), other, 12, 0, true)).isZero();
  }

  @Test
  void theLeastRecentlyUsedIsEvictedFirstAndTailsBeforeHeads() {
    int[] other = IntStream.range(100, 164).toArray();
    blocks.release(computed(TOKENS, 16));
    blocks.release(computed(other, 16));
    assertThat(blocks.cached()).isEqualTo(8);

    blocks.release(computed(IntStream.range(200, 264).toArray(), 8)); // takes two blocks
    BlockTable old = new BlockTable();
    assertThat(blocks.admit(old, TOKENS, 9, 0, true)).isEqualTo(8);
    blocks.release(old);
    assertThat(blocks.admit(new BlockTable(), other, 16, 0, true)).isEqualTo(12);
  }

  @Test
  void withoutReuseNothingIsShared() {
    BlockManager plain = new BlockManager(8, 4, false);
    BlockTable table = new BlockTable();
    plain.admit(table, TOKENS, 12, 0, true);
    plain.fill(table, TOKENS, 12);
    plain.release(table);
    assertThat(plain.free()).isEqualTo(8);
    assertThat(plain.admit(new BlockTable(), TOKENS, 12, 0, true)).isZero();
  }

  private BlockTable computed(int[] tokens, int length) {
    BlockTable table = new BlockTable();
    blocks.admit(table, tokens, length, 0, true);
    blocks.fill(table, tokens, length);
    return table;
  }
}
