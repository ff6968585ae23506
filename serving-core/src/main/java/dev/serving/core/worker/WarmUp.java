package dev.serving.core.worker;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.model.Collective;
import dev.serving.trace.TraceCarrier;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Runs passes of the shapes that will come, until the compiler has seen enough of them: else the
 * first requests would run several times slower. Writes over the KV cache, so it comes first.
 */
final class WarmUp {
  /** Enough for every kind of tile; more would only take longer while they are still cold. */
  private static final int PREFILL_ROWS = 32;

  private static final String RID = "warm-up";
  private static final int DECODES = 6;
  private static final long ENOUGH_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ModelRunner runner;
  private final int rows;
  private final int[] batches;

  WarmUp(ModelRunner runner, SchedulerConfig config, int maxPositions) {
    this.runner = runner;
    int room = (int) Math.min(Integer.MAX_VALUE, (long) runner.kvBlocks() * runner.blockSize());
    rows =
        Math.max(
            1,
            Math.min(PREFILL_ROWS, Math.min(config.maxBatchedTokens(), fit(room, maxPositions))));
    batches =
        IntStream.of(1, 2, 4, 8)
            .filter(n -> n <= Math.min(config.maxSequences(), runner.kvBlocks()))
            .toArray();
  }

  private static int fit(int room, int maxPositions) {
    return Math.min(room, maxPositions) - 1;
  }

  /** Every rank runs as many rounds as rank 0 finds enough. */
  void run(Collective collective) {
    long start = System.nanoTime();
    do {
      round();
    } while (agree(collective, System.nanoTime() - start < ENOUGH_NS));
    runner.run(step());
    runner.release(RID);
  }

  /** The first step of a request that nobody asked, whose token nobody hears. */
  private static Step step() {
    int[] prompt = {0};
    Admission admission =
        new Admission(SamplingParams.greedy(1), prompt, 1, 0, TraceCarrier.none());
    Chunk chunk = new Chunk(RID, Phase.PREFILL, 0, prompt, new int[] {0}, true, admission);
    return new Step(0, List.of(chunk));
  }

  private void round() {
    int blocks = (rows + runner.blockSize()) / runner.blockSize();
    int[] table = IntStream.range(0, Math.min(blocks, runner.kvBlocks())).toArray();
    runner.forward(Rows.blank(new int[][] {table}, rows, 0));
    for (int batch : batches) {
      int[][] tables =
          IntStream.range(0, batch).mapToObj(block -> new int[] {block}).toArray(int[][]::new);
      for (int i = 0; i < DECODES; i++) {
        runner.forward(Rows.blank(tables, 1, 0));
      }
    }
  }

  private static boolean agree(Collective collective, boolean goOn) {
    float[] vote = {collective.rank() == 0 && goOn ? 1 : 0};
    collective.allReduceSum(vote, 0, 1);
    return vote[0] > 0;
  }
}
