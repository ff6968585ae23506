package dev.serving.trace;

import org.jspecify.annotations.Nullable;

/**
 * The names of the stages that a request passes through; each can be used wherever a name is asked
 * for, since each is the text of its name.
 */
public enum TraceSpanName implements CharSequence {
  /** The role of a request's root. */
  FASTDEPLOY,
  /** From the parsed body to the hand-over to the engine. */
  PREPROCESSING,
  /** From the arrival at the engine to the first batch that holds the request. */
  SCHEDULE,
  /** From the first forward pass that holds the request to its first token. */
  PREFILL,
  /** From the first token to the last. */
  DECODE,
  /** From the first output to the last byte for the client. */
  POSTPROCESSING;

  /** What FastDeploy's guide calls {@link #PREPROCESSING}, the name in its code. */
  public static final TraceSpanName PREPROCESS = PREPROCESSING;

  /** What FastDeploy's guide calls {@link #POSTPROCESSING}, the name in its code. */
  public static final TraceSpanName POSTPROCESS = POSTPROCESSING;

  /** Returns a name as spans have it; empty for null. */
  static String of(@Nullable CharSequence name) {
    return name == null ? "" : name.toString();
  }

  @Override
  public int length() {
    return name().length();
  }

  @Override
  public char charAt(int index) {
    return name().charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return name().subSequence(start, end);
  }
}
