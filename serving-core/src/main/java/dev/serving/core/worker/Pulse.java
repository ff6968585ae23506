package dev.serving.core.worker;

import java.util.concurrent.locks.LockSupport;

/**
 * Counts up in shared memory as long as this process runs, so that others can tell a rank whose
 * step takes long from one that was stopped. A daemon thread named {@code pulse}.
 */
final class Pulse implements AutoCloseable {
  private static final long INTERVAL_NS = 50_000_000;

  private final Thread thread;
  private volatile boolean closed;

  Pulse(SharedMemory memory, int rank) {
    thread = new Thread(() -> beat(memory, rank), "pulse");
    thread.setDaemon(true);
    thread.start();
  }

  private void beat(SharedMemory memory, int rank) {
    for (long count = 1; !closed; count++) {
      memory.pulse(rank, count);
      LockSupport.parkNanos(INTERVAL_NS);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
