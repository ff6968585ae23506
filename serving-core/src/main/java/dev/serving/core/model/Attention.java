package dev.serving.core.model;

import dev.serving.core.model.kernel.Kernels;
import dev.serving.core.model.kernel.Kernels.Family;
import dev.serving.core.model.kernel.Rows;
import dev.serving.core.model.kernel.ThreadTeam;
import dev.serving.core.model.kernel.Tile;
import java.util.Arrays;

/**
 * Causal attention over the paged cache.
 *
 * <p>The work is cut into units: up to some rows of one sequence, times one key head with all the
 * query heads that share it. What a row gets depends on its own query and on the keys and values
 * before it, never on which rows are in its unit.
 */
final class Attention {
  /** Queries in a unit: enough to use a cached block many times, few enough for small scratch. */
  private static final int UNIT_QUERIES = 16;

  private final Kernels kernels = Kernels.best();
  private final ModelConfig config;
  private final ThreadTeam team;
  private final int kvHeads;
  private final int group;
  private final Scratch[] scratch;
  private int[] unitStarts = new int[16];
  private int units;

  /** One thread's buffers. */
  private static final class Scratch {
    final Tile tile = new Tile();
    float[] queries = {};
    float[] scores = {};
    float[] out = {};
  }

  Attention(ModelConfig config, Shard shard, ThreadTeam team) {
    this.config = config;
    this.team = team;
    kvHeads = shard.kvHeads(config);
    group = config.heads() / config.kvHeads();
    kernels.prepare(Family.ATTENTION, 0);
    kernels.prepare(Family.ELEMENTS, 0);
    scratch = new Scratch[team.size()];
    Arrays.setAll(scratch, i -> new Scratch());
  }

  /** Cuts a batch into units, once for all layers. */
  void plan(ForwardBatch batch) {
    int perUnit = Math.max(1, UNIT_QUERIES / group);
    units = 0;
    for (int row = 0; row < batch.rows(); ) {
      int end = Math.min(row + perUnit, batch.endOfSequence(row));
      if (units + 1 >= unitStarts.length) {
        unitStarts = Arrays.copyOf(unitStarts, 2 * unitStarts.length);
      }
      unitStarts[units++] = row;
      row = end;
    }
    unitStarts[units] = batch.rows();
  }

  /** Attends in one layer: queries from {@code a.qkv}, results to {@code a.attended}. */
  void run(int layer, ForwardBatch batch, KvCache cache, Activations a) {
    team.forRange(
        units * kvHeads,
        1,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            unit(scratch[member], layer, batch, cache, a, i / kvHeads, i % kvHeads);
          }
        });
  }

  private void unit(
      Scratch s, int layer, ForwardBatch batch, KvCache cache, Activations a, int unit, int head) {
    int firstRow = unitStarts[unit];
    int rows = unitStarts[unit + 1] - firstRow;
    int window = config.windows().get(layer);
    Span span = Span.of(batch, firstRow, rows, window, cache.blockSize());
    int stride = (span.last() / cache.blockSize() + 1) * cache.blockSize() + cache.keyWidth();
    int scoreStride = (stride + 3) / 4 * 4;
    prepare(s, rows * group, scoreStride, cache.valueWidth());
    takeQueries(s, a, firstRow, rows, head);
    int[] table = batch.blockTables()[batch.sequenceOfRow()[firstRow]];
    scores(s, layer, cache, table, span, head, rows * group, scoreStride);
    for (int r = 0; r < rows; r++) {
      int position = batch.positions()[firstRow + r];
      for (int g = 0; g < group; g++) {
        softmax(s.scores, (r * group + g) * scoreStride, position, window, span);
      }
    }
    weigh(s, layer, cache, table, span, head, rows * group, scoreStride);
    giveBack(s, a, firstRow, rows, head, cache.valueWidth());
  }

  /** The positions that a unit's rows see together: {@code first} to {@code last}. */
  private record Span(int first, int last, int blockSize) {
    static Span of(ForwardBatch batch, int row, int rows, int window, int blockSize) {
      int first = firstVisible(batch.positions()[row], window);
      return new Span(first, batch.positions()[row + rows - 1], blockSize);
    }

    int firstBlock() {
      return first / blockSize;
    }

    int lastBlock() {
      return last / blockSize;
    }
  }

  private static int firstVisible(int position, int window) {
    return window == 0 ? 0 : Math.max(0, position - window + 1);
  }

  private static void prepare(Scratch s, int queries, int scoreStride, int valueWidth) {
    if (s.scores.length < queries * scoreStride) {
      s.scores = new float[queries * scoreStride * 5 / 4];
    }
    if (s.out.length < queries * valueWidth) {
      s.out = new float[queries * valueWidth];
      s.queries = new float[queries * valueWidth];
    }
    Arrays.fill(s.out, 0, queries * valueWidth, 0);
  }

  private void takeQueries(Scratch s, Activations a, int firstRow, int rows, int head) {
    int width = group * config.headDim();
    float scale = (float) (1 / Math.sqrt(config.headDim()));
    for (int r = 0; r < rows; r++) {
      int from = (firstRow + r) * a.qkvWidth() + head * width;
      Rows.scale(a.qkv, from, scale, s.queries, r * width, width);
    }
  }

  private void scores(
      Scratch s,
      int layer,
      KvCache cache,
      int[] table,
      Span span,
      int head,
      int queries,
      int stride) {
    float[] keys = cache.keys(layer);
    for (int block = span.firstBlock(); block <= span.lastBlock(); block++) {
      int at = block * cache.blockSize();
      // A block narrower than a vector spills over into the next one's place, which is then
      // cleared and written anew.
      for (int q = 0; q < queries; q++) {
        Arrays.fill(s.scores, q * stride + at, q * stride + at + cache.keyWidth(), 0);
      }
      s.tile.set(s.queries, 0, config.headDim(), s.scores, at, stride);
      int keyAt = cache.keyAt(head, table[block]);
      kernels.multiplyAdd(keys, keyAt, cache.keyWidth(), config.headDim(), queries, s.tile);
    }
  }

  /** Turns the visible scores of one query into weights, and the others of its unit into 0. */
  private void softmax(float[] scores, int at, int position, int window, Span span) {
    int from = at + firstVisible(position, window);
    int to = at + position + 1;
    kernels.exp(scores, from, to, Rows.max(scores, from, to));
    int start = at + span.first() / 4 * 4;
    int end = at + (span.last() / 4 + 1) * 4;
    Arrays.fill(scores, start, from, 0);
    Arrays.fill(scores, to, end, 0);
    float factor = 1 / Rows.sumByFours(scores, start, end);
    Rows.scale(scores, from, factor, scores, from, to - from);
  }

  private void weigh(
      Scratch s,
      int layer,
      KvCache cache,
      int[] table,
      Span span,
      int head,
      int queries,
      int stride) {
    float[] values = cache.values(layer);
    int width = cache.valueWidth();
    for (int block = span.firstBlock(); block <= span.lastBlock(); block++) {
      int at = block * cache.blockSize();
      int from = Math.max(span.first(), at);
      int to = Math.min(span.last() + 1, at + cache.blockSize());
      s.tile.set(s.scores, from, stride, s.out, 0, width);
      int valueAt = cache.valueAt(head, table[block]) + (from - at) * width;
      kernels.multiplyAdd(values, valueAt, width, to - from, queries, s.tile);
    }
  }

  private void giveBack(
      Scratch s, Activations a, int firstRow, int rows, int head, int valueWidth) {
    int dim = config.headDim();
    for (int r = 0; r < rows; r++) {
      int to = (firstRow + r) * a.headsWidth() + head * group * dim;
      for (int g = 0; g < group; g++) {
        System.arraycopy(s.out, (r * group + g) * valueWidth, a.attended, to + g * dim, dim);
      }
    }
  }
}
