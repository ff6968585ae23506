package dev.serving.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.serving.core.model.kernel.ThreadTeam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This shows that a model cut over ranks answers as the whole one does. */
class TensorParallelTest {
  private static final int[] PROMPT = {5, 17, 99, 3, 42, 42, 8};
  private static final int STEPS = 40;

  @TempDir Path directory;

  @Test
  void twoRanksAnswerAsOneForABiasedTiedModel() throws Exception {
    compare(TinyCheckpoint.qwen2(), 2);
  }

  @Test
  void fourRanksAnswerAsOneWithAVocabularyThatDoesNotDivide() throws Exception {
    compare(TinyCheckpoint.llama().with("num_key_value_heads", 4).with("attention_bias", true), 4);
  }

  @Test
  void everyBiasIsAddedOnce() throws Exception {
    compare(TinyCheckpoint.llama().with("mlp_bias", true).with("attention_bias", true), 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 8})
  void aModelThatDoesNotDivideIsRefusedWithTheNumbers(int ranks) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(TinyCheckpoint.llama().write(directory));
    Shard shard = new Shard(0, ranks);
    assertThatThrownBy(() -> shard.check(checkpoint.config()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not divide by a tensor-parallel size of " + ranks);
  }

  private void compare(TinyCheckpoint tiny, int ranks) throws Exception {
    Checkpoint checkpoint = Checkpoint.open(tiny.write(directory));
    List<float[]> whole = generate(checkpoint, Shard.WHOLE, Collective.SOLO);
    List<float[]> cut = onRanks(checkpoint, ranks);
    for (int i = 0; i < STEPS; i++) {
      assertThat(argmax(cut.get(i))).isEqualTo(argmax(whole.get(i)));
      assertThat(cut.get(i)).containsExactly(whole.get(i), within(2e-4f));
    }
  }

  private static List<float[]> onRanks(Checkpoint checkpoint, int size)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<List<float[]>>> ranks = new ArrayList<>();
      for (Collective c : ThreadCollective.group(size)) {
        Shard shard = new Shard(c.rank(), size);
        ranks.add(threads.submit(() -> generate(checkpoint, shard, c)));
      }
      for (Future<List<float[]>> f : ranks) {
        f.get();
      }
      return ranks.get(0).get();
    } finally {
      threads.shutdownNow();
    }
  }

  /** Each step's logits; the tokens are given, so that ranks need not hear of the answer. */
  private static List<float[]> generate(Checkpoint checkpoint, Shard shard, Collective c) {
    List<float[]> all = new ArrayList<>();
    try (ThreadTeam team = new ThreadTeam(1)) {
      Transformer model = Transformer.load(checkpoint, WeightType.F32, shard, c, team);
      KvCache cache = new KvCache(model.config(), shard, 8, 16);
      int[] blocks = {3, 1, 4, 0, 5};
      int[] next = PROMPT;
      for (int i = 0, position = 0; i < STEPS; i++) {
        float[] logits = new float[model.config().vocabSize()];
        model.forward(ForwardBatch.of(next, position, blocks), cache, logits);
        position += next.length;
        next = new int[] {(i * 31 + 7) % model.config().vocabSize()};
        all.add(logits);
      }
    }
    return all;
  }

  private static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
