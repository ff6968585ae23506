package dev.serving.trace.export;

/** A span whose maker hears when it is settled, as who notes it elsewhere until then wants to. */
public interface NotedSpan {
  /** It has been delivered, or never will be. */
  void settled();
}
