package dev.serving.trace;

/**
 * The names of the stages that a request passes through; each can be used wherever a name is asked
 * for.
 */
public enum TraceSpanName {
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

  /** Returns the name as spans have it; empty for null. */
  static String of(TraceSpanName name) {
    return name == null ? "" : name.name();
  }
}
