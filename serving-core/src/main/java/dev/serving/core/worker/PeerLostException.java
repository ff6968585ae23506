package dev.serving.core.worker;

/** A rank waits for another one that will not come. */
final class PeerLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PeerLostException(String message) {
    super(message);
  }
}
