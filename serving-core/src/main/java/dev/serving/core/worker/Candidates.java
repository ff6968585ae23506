package dev.serving.core.worker;

import dev.serving.core.message.SamplingParams;
import java.util.Arrays;

/**
 * Draws a token from what temperature, min-p, top-k and top-p leave of the vocabulary. Scratch
 * space of one rank, as large as the vocabulary. Owned by the rank's thread.
 *
 * <p>A token whose logit is {@value #NEGLIGIBLE} below the largest, after temperature, cannot be
 * drawn: all such tokens together are less likely than one in a million, and leaving them out saves
 * nearly all of the exponentials of a large vocabulary.
 */
final class Candidates {
  private static final float NEGLIGIBLE = 26;

  private final long[] ranked; // order-preserving bits of the logit, then the token's complement
  private final double[] weights;
  private int count;

  Candidates(int vocabularySize) {
    ranked = new long[vocabularySize];
    weights = new double[vocabularySize];
  }

  /**
   * Draws one token.
   *
   * @param uniform where in the distribution, in [0, 1)
   */
  int draw(SamplingParams params, float[] logits, int offset, int size, double uniform) {
    float largest = logits[offset + Sampler.argmax(logits, offset, size)];
    gather(logits, offset, size, largest - reach(params));
    if (params.topK() > 0 || params.topP() < 1) {
      sort();
    }
    if (params.topK() > 0) {
      count = Math.min(count, params.topK());
    }
    double total = weigh(largest, params.temperature());
    if (params.topP() < 1) {
      total = cut(params.topP() * total);
    }
    return pick(uniform * total);
  }

  /** How far below the largest logit a token may be. */
  private static float reach(SamplingParams params) {
    float byProbability = params.minP() == 0 ? NEGLIGIBLE : (float) -Math.log(params.minP());
    return Math.min(NEGLIGIBLE, byProbability) * params.temperature();
  }

  private void gather(float[] logits, int offset, int size, float least) {
    count = 0;
    for (int token = 0; token < size; token++) {
      float logit = logits[offset + token];
      if (logit >= least) {
        ranked[count++] = ((long) sortable(logit) << 32) | (~token & 0xFFFFFFFFL);
      }
    }
  }

  /** Likeliest first; of equals the smaller token first. */
  private void sort() {
    Arrays.sort(ranked, 0, count);
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      long swapped = ranked[i];
      ranked[i] = ranked[j];
      ranked[j] = swapped;
    }
  }

  private double weigh(float largest, float temperature) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((logit(i) - (double) largest) / temperature);
      total += weights[i];
    }
    return total;
  }

  /** Keeps the fewest candidates whose weights sum up to at least this. */
  private double cut(double enough) {
    double total = 0;
    int kept = 0;
    while (kept < count && (kept == 0 || total < enough)) {
      total += weights[kept++];
    }
    count = kept;
    return total;
  }

  private int pick(double at) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i];
      if (at < sum) {
        return token(i);
      }
    }
    return token(count - 1); // rounding
  }

  private int token(int i) {
    return (int) ~ranked[i];
  }

  private float logit(int i) {
    int bits = (int) (ranked[i] >> 32);
    return Float.intBitsToFloat(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
  }

  /** Bits that compare as ints the way floats compare; its own inverse. */
  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
