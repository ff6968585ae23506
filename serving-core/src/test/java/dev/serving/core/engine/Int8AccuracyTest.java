package dev.serving.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.Collective;
import dev.serving.core.model.ForwardBatch;
import dev.serving.core.model.KvCache;
import dev.serving.core.model.Shard;
import dev.serving.core.model.Transformer;
import dev.serving.core.model.WeightType;
import dev.serving.core.model.kernel.ThreadTeam;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * This shows what rounding weights to int8 costs the checkpoint that ships with the server: its
 * distributions over the next token move by less than a thousandth of a nat.
 */
final class Int8AccuracyTest {
  @Test
  void distributionsMoveLittle() throws IOException {
    List<double[]> exact = distributions(WeightType.F32);
    List<double[]> rounded = distributions(WeightType.INT8);

    double divergence =
        IntStream.range(0, exact.size())
            .mapToDouble(i -> divergence(exact.get(i), rounded.get(i)))
            .average()
            .orElseThrow();
    assertThat(divergence).isBetween(1e-6, 1e-3);
  }

  /** The logarithms of the probabilities of each next token, in each golden answer. */
  private static List<double[]> distributions(WeightType type) throws IOException {
    List<double[]> all = new ArrayList<>();
    try (ThreadTeam team = new ThreadTeam(2)) {
      Checkpoint checkpoint = Checkpoint.open(Demo.MODEL);
      Transformer model = Transformer.load(checkpoint, type, Shard.WHOLE, Collective.SOLO, team);
      int vocabulary = model.config().vocabSize();
      for (ShippedModelTest.Golden golden : ShippedModelTest.questions().toList()) {
        float[] logits = logits(model, golden.all());
        for (int at = 0; at < logits.length; at += vocabulary) {
          all.add(logSoftmax(logits, at, vocabulary));
        }
      }
    }
    return all;
  }

  private static float[] logits(Transformer model, int[] tokens) {
    int n = tokens.length;
    KvCache cache = new KvCache(model.config(), Shard.WHOLE, 16, 16);
    float[] logits = new float[n * model.config().vocabSize()];
    int[] each = IntStream.range(0, n).toArray();
    int[][] blocks = {IntStream.range(0, 16).toArray()};
    model.forward(new ForwardBatch(n, tokens, each, new int[n], blocks, each), cache, logits);
    return logits;
  }

  private static double[] logSoftmax(float[] logits, int from, int n) {
    double sum = IntStream.range(from, from + n).mapToDouble(i -> Math.exp(logits[i])).sum();
    return IntStream.range(from, from + n).mapToDouble(i -> logits[i] - Math.log(sum)).toArray();
  }

  private static double divergence(double[] exact, double[] rounded) {
    return IntStream.range(0, exact.length)
        .mapToDouble(i -> Math.exp(exact[i]) * (exact[i] - rounded[i]))
        .sum();
  }
}
