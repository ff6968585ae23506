package dev.serving.core.frontend.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that are held for clients, over all connections: heads, bodies, prompts, answers that
 * were not read yet. One bound for all of them, taken before the memory is.
 *
 * <p>What arrives may take half of it ({@link Guests} sees to that): the other half is there to
 * finish what was let in. Any thread.
 */
public final class ClientMemory {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  /** So many bytes at most. */
  public ClientMemory(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("the memory for clients must be above 0, was " + most);
    }
    this.most = most;
  }

  /** What is held for one request or one connection, nothing yet. */
  Holding holding() {
    return new Holding(this);
  }

  /** Bytes that are held now. */
  public long held() {
    return held.get();
  }

  /** The bound. */
  public long most() {
    return most;
  }

  /** Whether so much is held that there is not much left to finish what was let in. */
  boolean crowded() {
    return held.get() > most / 4 * 3;
  }

  boolean take(long bytes) {
    long before = held.getAndUpdate(now -> now + bytes <= most ? now + bytes : now);
    return before + bytes <= most; // what is refused is at no time counted: others ask meanwhile
  }

  /** For what is in memory already and small: counted, whatever the bound. */
  void note(long bytes) {
    held.addAndGet(bytes);
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }
}
