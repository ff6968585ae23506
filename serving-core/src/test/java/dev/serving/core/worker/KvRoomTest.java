package dev.serving.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.KvCache;
import dev.serving.core.model.ModelConfig;
import dev.serving.core.model.Shard;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** This shows how many KV blocks there are for the memory that there is. */
class KvRoomTest {
  private static final ModelConfig MODEL =
      Checkpoint.open(Path.of("..", "models", "serving-demo")).config();
  private static final long PLENTY = 1L << 40;
  private static final long BLOCK = KvCache.bytesPerBlock(MODEL, Shard.WHOLE, 16);

  @Test
  void bytesGiveAsManyBlocksAsTheyHold() {
    assertThat(blocks(new CacheConfig(16, 10 * BLOCK + 1, 0.5, true), PLENTY)).isEqualTo(10);
  }

  @Test
  void withoutBytesItIsAShareOfWhatIsLeft() {
    assertThat(blocks(new CacheConfig(16, 0, 0.25, true), 80 * BLOCK)).isEqualTo(20);
  }

  @Test
  void noMoreIsTakenThanTwiceWhatAllSequencesCanUse() {
    int longest = (MODEL.maxPositions() + 15) / 16;
    assertThat(blocks(CacheConfig.DEFAULT, PLENTY)).isEqualTo(2 * longest * 32);
  }

  @Test
  void ranksHaveRoomForMoreSinceEachHoldsAShare() {
    CacheConfig cache = new CacheConfig(16, 10 * BLOCK, 0.5, true);
    assertThat(KvRoom.blocks(cache, SchedulerConfig.DEFAULT, MODEL, new Shard(0, 2), PLENTY))
        .isEqualTo(20);
  }

  @Test
  void tooLittleIsRefusedWithTheNumbers() {
    assertThatThrownBy(() -> blocks(new CacheConfig(16, 7, 0.5, true), PLENTY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 bytes")
        .hasMessageContaining(String.valueOf(BLOCK));
  }

  @Test
  void moreThanIsLeftIsRefusedWithTheNumbers() {
    assertThatThrownBy(() -> blocks(new CacheConfig(16, 900L << 20, 0.5, true), 70 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--kv-cache-bytes is 900 MB and the weights leave 70 MB of the heap")
        .hasMessageContaining("raise --engine-heap");
  }

  private static int blocks(CacheConfig cache, long left) {
    return KvRoom.blocks(cache, SchedulerConfig.DEFAULT, MODEL, Shard.WHOLE, left);
  }
}
