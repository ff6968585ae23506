package dev.serving.core.model;

/**
 * How positions turn queries and keys, and how that is stretched past the trained length.
 *
 * @param type the kind of stretching
 * @param theta base of the wavelengths
 * @param factor how far it is stretched; 1 without stretching
 * @param lowFreqFactor for {@link Type#LLAMA3}: wavelengths longer than the original length over
 *     this are stretched in full
 * @param highFreqFactor for {@link Type#LLAMA3}: shorter ones than the original length over this
 *     are not stretched
 * @param originalPositions the length it was trained for
 * @param attentionFactor what cosine and sine are multiplied by; 1 for all but {@link Type#YARN}
 * @param betaFast for {@link Type#YARN}: turns above which a dimension is left alone
 * @param betaSlow for {@link Type#YARN}: turns below which it is stretched in full
 * @param truncate for {@link Type#YARN}: whether the borders are rounded to whole dimensions
 */
public record RopeConfig(
    Type type,
    double theta,
    double factor,
    double lowFreqFactor,
    double highFreqFactor,
    int originalPositions,
    double attentionFactor,
    double betaFast,
    double betaSlow,
    boolean truncate) {
  /** The kinds of stretching that are supported, by their name in {@code config.json}. */
  public enum Type {
    /** None. */
    DEFAULT,
    /** Every wavelength times the factor. */
    LINEAR,
    /** The base grows with the position, once that is past the trained length. */
    DYNAMIC,
    /** Long wavelengths are stretched, short ones are not, with a smooth passage. */
    LLAMA3,
    /** The same by dimension, and attention is sharpened. */
    YARN
  }

  /** Checks the numbers that every kind needs. */
  public RopeConfig {
    if (!(theta > 1) || !(factor >= 1) || originalPositions < 1) {
      throw new IllegalArgumentException(
          "rope needs a theta above 1, a factor of at least 1 and a length, not %s, %s, %d"
              .formatted(theta, factor, originalPositions));
    }
  }
}
