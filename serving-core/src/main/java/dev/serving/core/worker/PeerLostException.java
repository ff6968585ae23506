package dev.serving.core.worker;

/** A rank needs another one, or its engine, and that one is gone. */
final class PeerLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long waitedNs;

  PeerLostException(String message) {
    this(message, 0);
  }

  private PeerLostException(String message, long waitedNs) {
    super(message);
    this.waitedNs = waitedNs;
  }

  /** The same, of somebody who had waited for the other one so long and done nothing else. */
  PeerLostException after(long waitedNs) {
    return new PeerLostException(getMessage(), waitedNs);
  }

  /** For how long the other one was waited for in vain, in nanoseconds. */
  long waitedNs() {
    return waitedNs;
  }
}
