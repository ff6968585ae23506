package dev.serving.core.worker;

import dev.serving.core.message.SamplingParams;
import dev.serving.core.model.kernel.Kernels;
import java.util.Arrays;

/**
 * Draws a token from what temperature, min-p, top-k and top-p leave of the vocabulary. Scratch
 * space of one thread, as large as the vocabulary.
 *
 * <p>Weights are probabilities up to a factor; the likeliest token has 1. For top-k and top-p a
 * histogram over the weights' leading bits finds how far down the candidates reach, and only those
 * are sorted: a few of a hundred thousand.
 */
final class Candidates {
  /** Bits of a float that a bin leaves out: it keeps the exponent and 5 bits behind. */
  private static final int BIN_SHIFT = 18;

  private static final int BINS = (Float.floatToRawIntBits(1f) >>> BIN_SHIFT) + 1;

  private final Kernels kernels = Kernels.best();
  private final float[] weights;
  private final double[] binMass = new double[BINS];
  private final int[] binCount = new int[BINS];
  private long[] ranked = new long[64]; // weight's bits, then the token's complement
  private int count;

  Candidates(int vocabularySize) {
    weights = new float[vocabularySize];
  }

  /**
   * The weights of a row of logits.
   *
   * @return one for each token, 1 for the likeliest; valid until the next call
   */
  float[] weigh(float[] logits, int offset, int size, float temperature) {
    float largest = logits[offset + Sampler.argmax(logits, offset, size)];
    for (int i = 0; i < size; i++) {
      // The difference first: a logit over a temperature near 0 is beyond a float.
      weights[i] = (logits[offset + i] - largest) / temperature;
    }
    kernels.exp(weights, 0, size, 0);
    return weights;
  }

  /**
   * Draws one token.
   *
   * @param uniform where in the distribution, in [0, 1)
   */
  int draw(SamplingParams params, float[] logits, int offset, int size, double uniform) {
    weigh(logits, offset, size, params.temperature());
    if (params.minP() > 0) {
      dropBelow(params.minP(), size);
    }
    if (params.topK() == 0 && params.topP() == 1) {
      return pickFromAll(size, uniform * mass(size));
    }
    double total = rank(size, params);
    if (params.topP() < 1) {
      total = cut(params.topP() * total);
    }
    return pick(uniform * total);
  }

  private void dropBelow(float least, int size) {
    for (int i = 0; i < size; i++) {
      weights[i] = weights[i] < least ? 0 : weights[i];
    }
  }

  private double mass(int size) {
    double mass = 0;
    for (int i = 0; i < size; i++) {
      mass += weights[i];
    }
    return mass;
  }

  private int pickFromAll(int size, double at) {
    double sum = 0;
    for (int token = 0; token < size; token++) {
      sum += weights[token];
      if (at < sum) {
        return token;
      }
    }
    return Sampler.argmax(weights, 0, size); // rounding
  }

  /**
   * Sorts the candidates that matter, likeliest first, of equals the smaller token first.
   *
   * @return the mass that top-p is a share of: of the k likeliest, or of all
   */
  private double rank(int size, SamplingParams params) {
    double all = fillBins(size);
    int k = params.topK() == 0 ? size : params.topK();
    gather(size, lowestBin(k, params.topK() == 0 ? params.topP() * all : all));
    Arrays.sort(ranked, 0, count);
    reverse();
    if (params.topK() == 0) {
      return all;
    }
    count = Math.min(count, k);
    return rankedMass();
  }

  private double fillBins(int size) {
    Arrays.fill(binMass, 0);
    Arrays.fill(binCount, 0);
    double all = 0;
    for (int i = 0; i < size; i++) {
      int bin = bin(weights[i]);
      binMass[bin] += weights[i];
      binCount[bin]++;
    }
    for (double mass : binMass) {
      all += mass;
    }
    return all;
  }

  /** The bin down to which there are k candidates, or enough mass. */
  private int lowestBin(int k, double enough) {
    int bin = BINS;
    long seen = 0;
    double mass = 0;
    while (bin > 0 && seen < k && (seen == 0 || mass < enough)) { // top_p 0 leaves the likeliest
      bin--;
      seen += binCount[bin];
      mass += binMass[bin];
    }
    return bin;
  }

  private void gather(int size, int lowest) {
    count = 0;
    for (int token = 0; token < size; token++) {
      if (bin(weights[token]) >= lowest) {
        if (count == ranked.length) {
          ranked = Arrays.copyOf(ranked, 2 * count);
        }
        long bits = Float.floatToRawIntBits(weights[token]); // not negative: compare like floats
        ranked[count++] = bits << 32 | (~token & 0xFFFFFFFFL);
      }
    }
  }

  private void reverse() {
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      long swapped = ranked[i];
      ranked[i] = ranked[j];
      ranked[j] = swapped;
    }
  }

  private double rankedMass() {
    double mass = 0;
    for (int i = 0; i < count; i++) {
      mass += weight(i);
    }
    return mass;
  }

  /** Keeps the fewest candidates whose weights sum up to at least this; returns their sum. */
  private double cut(double enough) {
    double mass = 0;
    int kept = 0;
    while (kept < count && (kept == 0 || mass < enough)) {
      mass += weight(kept++);
    }
    count = kept;
    return mass;
  }

  private int pick(double at) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weight(i);
      if (at < sum) {
        return token(i);
      }
    }
    return token(0); // rounding
  }

  private static int bin(float weight) {
    return Math.min(BINS - 1, Float.floatToRawIntBits(weight) >>> BIN_SHIFT);
  }

  private int token(int i) {
    return (int) ~ranked[i];
  }

  private float weight(int i) {
    return Float.intBitsToFloat((int) (ranked[i] >>> 32));
  }
}
