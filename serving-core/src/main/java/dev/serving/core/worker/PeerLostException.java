package dev.serving.core.worker;

/** A rank needs another one, or its engine, and that one is gone. */
final class PeerLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PeerLostException(String message) {
    super(message);
  }
}
