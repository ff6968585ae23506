package dev.serving.trace;

/** A member of a batch, as {@link TraceFunctions#traceSliceBatch} needs to know it. */
public interface TracedRequest {
  /** Returns the id that the request was started or joined under. */
  String rid();

  /** Returns whether this batch was the request's last on the calling thread. */
  boolean finished();
}
