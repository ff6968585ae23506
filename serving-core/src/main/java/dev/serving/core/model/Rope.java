package dev.serving.core.model;

/**
 * Rotary position embedding: the angles of each position, and the turning of heads by them.
 *
 * <p>Angles are computed in f32 as {@code transformers} does, so that they agree with it at every
 * position; they are computed for each pass anew, which costs a microsecond a row and saves a table
 * of up to 100 MB.
 */
final class Rope {
  private final RopeConfig config;
  private final int headDim;
  private final float[] frequencies;

  Rope(RopeConfig config, int headDim) {
    this.config = config;
    this.headDim = headDim;
    this.frequencies =
        switch (config.type()) {
          case DEFAULT, DYNAMIC -> plain(config.theta());
          case LINEAR -> linear();
          case LLAMA3 -> llama3();
          case YARN -> yarn();
        };
  }

  /** Writes cosine and sine of a position's {@code headDim / 2} angles. */
  void angles(int position, float[] cos, float[] sin, int at) {
    float[] f = frequenciesAt(position);
    float scale = (float) config.attentionFactor();
    for (int i = 0; i < f.length; i++) {
      double angle = f[i] * (float) position;
      cos[at + i] = (float) Math.cos(angle) * scale;
      sin[at + i] = (float) Math.sin(angle) * scale;
    }
  }

  /** Turns one head in place. */
  void turn(float[] head, int at, float[] cos, float[] sin, int anglesAt) {
    int half = headDim / 2;
    for (int i = 0; i < half; i++) {
      float a = head[at + i];
      float b = head[at + half + i];
      float c = cos[anglesAt + i];
      float s = sin[anglesAt + i];
      head[at + i] = a * c - b * s;
      head[at + half + i] = b * c + a * s;
    }
  }

  /** Dynamic stretching depends on the position alone, never on what else is in the batch. */
  private float[] frequenciesAt(int position) {
    int length = position + 1;
    if (config.type() != RopeConfig.Type.DYNAMIC || length <= config.originalPositions()) {
      return frequencies;
    }
    double stretch = config.factor() * length / config.originalPositions() - (config.factor() - 1);
    return plain(config.theta() * Math.pow(stretch, headDim / (headDim - 2.0)));
  }

  private float[] plain(double theta) {
    float[] f = new float[headDim / 2];
    for (int i = 0; i < f.length; i++) {
      f[i] = 1.0f / (float) Math.pow(theta, 2 * i / (float) headDim);
    }
    return f;
  }

  private float[] linear() {
    float[] f = plain(config.theta());
    for (int i = 0; i < f.length; i++) {
      f[i] /= (float) config.factor();
    }
    return f;
  }

  private float[] llama3() {
    float[] f = plain(config.theta());
    for (int i = 0; i < f.length; i++) {
      f[i] = llama3(f[i]);
    }
    return f;
  }

  private float llama3(float frequency) {
    double turns = config.originalPositions() * frequency / (2 * Math.PI);
    if (turns < config.lowFreqFactor()) {
      return (float) (frequency / config.factor());
    }
    if (turns > config.highFreqFactor()) {
      return frequency;
    }
    double smooth =
        (turns - config.lowFreqFactor()) / (config.highFreqFactor() - config.lowFreqFactor());
    return (float) ((1 - smooth) * frequency / config.factor() + smooth * frequency);
  }

  private float[] yarn() {
    double low = Math.max(0, border(config.betaFast(), false));
    double high = Math.min(headDim - 1, border(config.betaSlow(), true));
    double span = high == low ? 0.001 : high - low;
    float[] f = plain(config.theta());
    for (int i = 0; i < f.length; i++) {
      double stretched = Math.max(0, Math.min(1, (i - low) / span));
      f[i] = (float) (f[i] / config.factor() * stretched + f[i] * (1 - stretched));
    }
    return f;
  }

  /** The dimension that makes a number of turns over the original length. */
  private double border(double turns, boolean up) {
    double d =
        headDim
            * Math.log(config.originalPositions() / (turns * 2 * Math.PI))
            / (2 * Math.log(config.theta()));
    if (!config.truncate()) {
      return d;
    }
    return up ? Math.ceil(d) : Math.floor(d);
  }
}
