package dev.serving.template;

import java.util.BitSet;

/**
 * Rendered text that knows which of its characters came from variables. Immutable.
 *
 * <p>A character keeps its origin through whatever the template does to it: trimming, slicing,
 * upper case, JSON, concatenation. So a caller can give meaning to what the template says, such as
 * special tokens, and none to what a stranger's message says.
 */
public final class Rendering {
  private final String text;
  private final BitSet foreign;

  Rendering(String text, BitSet foreign) {
    this.text = text;
    this.foreign = foreign;
  }

  /** Returns the text. */
  public String text() {
    return text;
  }

  /** Says whether the template itself, and no variable, wrote every character of a range. */
  public boolean isAuthored(int begin, int end) {
    int next = foreign.nextSetBit(begin);
    return next < 0 || next >= end;
  }

  @Override
  public String toString() {
    return text;
  }
}
