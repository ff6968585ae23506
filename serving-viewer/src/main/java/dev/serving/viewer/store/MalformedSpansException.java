package dev.serving.viewer.store;

/** Bytes that are no {@code ExportTraceServiceRequest}; the message is for their sender. */
public final class MalformedSpansException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedSpansException(String message) {
    super(message);
  }
}
