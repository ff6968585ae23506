package dev.serving.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.trace.TraceCarrier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ranks without a model: they hear steps and releases as real ones do, and keep for each slot of
 * the KV cache a hash of the tokens up to it. A step that would attend to wrong or overwritten
 * content fails the test. The token that they choose depends on all tokens before it and nothing
 * else.
 */
final class ShadowRanks {
  private static final int VOCABULARY = 1000;

  private final int blockSize;
  private final long[] slots;
  private final Map<String, List<Integer>> tables = new HashMap<>();
  private final Map<String, Long> ends = new HashMap<>();

  ShadowRanks(int blocks, int blockSize) {
    this.blockSize = blockSize;
    slots = new long[blocks * blockSize];
    Arrays.fill(slots, -1);
  }

  List<Sampled> run(Step step) {
    List<Sampled> sampled = new ArrayList<>();
    step.chunks().forEach(this::write);
    step.chunks().stream()
        .filter(Chunk::samples)
        .forEach(c -> sampled.add(new Sampled(c.rid(), token(c), null, TraceCarrier.none())));
    return sampled;
  }

  void release(Release release) {
    assertThat(tables.remove(release.rid())).as("released %s", release.rid()).isNotNull();
  }

  int known() {
    return tables.size();
  }

  /** What an undisturbed run answers. */
  static List<Integer> expected(int[] prompt, int outputs) {
    long hash = 0;
    for (int token : prompt) {
      hash = mix(hash, token);
    }
    List<Integer> tokens = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      tokens.add(choose(hash));
      hash = mix(hash, choose(hash));
    }
    return tokens;
  }

  private void write(Chunk chunk) {
    if (chunk.admission() != null) {
      assertThat(tables).doesNotContainKey(chunk.rid());
      tables.put(chunk.rid(), new ArrayList<>());
      assertThat(chunk.start()).isEqualTo(chunk.admission().cachedTokens());
      assertThat(slice(chunk.admission().context(), chunk)).isEqualTo(chunk.tokens());
    }
    List<Integer> table = tables.get(chunk.rid());
    assertThat(table).as("table of %s", chunk.rid()).isNotNull();
    Arrays.stream(chunk.blocks()).forEach(table::add);
    long hash = attend(chunk, table);
    for (int i = 0; i < chunk.tokens().length; i++) {
      hash = mix(hash, chunk.tokens()[i]);
      int slot = slot(table, chunk.start() + i);
      slots[slot] = hash;
      assertThat(owners(table.get((chunk.start() + i) / blockSize)))
          .as("a block that is written belongs to one sequence")
          .isEqualTo(1);
    }
    ends.put(chunk.rid(), hash);
  }

  /** Checks every slot before the chunk and returns the hash up to it. */
  private long attend(Chunk chunk, List<Integer> table) {
    int[] context = chunk.admission() == null ? null : chunk.admission().context();
    long hash = 0;
    for (int position = 0; context != null && position < chunk.start(); position++) {
      hash = mix(hash, context[position]);
      assertThat(slots[slot(table, position)]).as("reused slot %d", position).isEqualTo(hash);
    }
    if (context == null) {
      hash = ends.get(chunk.rid());
      assertThat(slots[slot(table, chunk.start() - 1)]).isEqualTo(hash);
    }
    return hash;
  }

  private long owners(int block) {
    return tables.values().stream().filter(table -> table.contains(block)).count();
  }

  private int slot(List<Integer> table, int position) {
    return table.get(position / blockSize) * blockSize + position % blockSize;
  }

  private int token(Chunk chunk) {
    return choose(ends.get(chunk.rid()));
  }

  private static int[] slice(int[] context, Chunk chunk) {
    return Arrays.copyOfRange(context, chunk.start(), chunk.start() + chunk.tokens().length);
  }

  private static int choose(long hash) {
    return Math.floorMod(hash, VOCABULARY);
  }

  private static long mix(long hash, int token) {
    long z = (hash + token + 1) * 0x9E3779B97F4A7C15L;
    return (z ^ (z >>> 29)) & Long.MAX_VALUE;
  }
}
