package dev.serving.trace;

/** A span that may be noted in a {@link SpanJournal}. */
interface NotedSpan {
  /** It has been delivered, or never will be. */
  void settled();
}
