package dev.serving.core.frontend.http;

/** A part of {@link ClientMemory} that is given back together. Any thread. */
final class Holding implements AutoCloseable {
  private final ClientMemory memory;
  private long bytes;
  private boolean closed;

  Holding(ClientMemory memory) {
    this.memory = memory;
  }

  /** Takes more, or nothing and says false. */
  synchronized boolean grow(long more) {
    if (closed || more <= 0) {
      return true; // whoever is closed holds nothing for long
    }
    boolean taken = memory.take(more);
    bytes += taken ? more : 0;
    return taken;
  }

  /** Counts what is in memory already; bounded elsewhere. */
  synchronized void note(long more) {
    if (!closed) {
      memory.note(more);
      bytes += more;
    }
  }

  synchronized void shrink(long less) {
    if (!closed) {
      memory.give(less);
      bytes -= less;
    }
  }

  /** Gives everything back; what comes later is not counted. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      memory.give(bytes);
      bytes = 0;
    }
  }
}
