package dev.serving.core.message;

import dev.serving.trace.Tracing;
import java.util.function.LongSupplier;

/**
 * What times of {@link System#nanoTime} are on the clock of traces. Both clocks are read one after
 * the other, and a thread that is held up between the two would put a span off by as long as that,
 * before those that lie in it; so they are read again until they were read almost at once.
 */
public final class TraceTime {
  private static final int READINGS = 10;
  private static final long AT_ONCE_NS = 5_000;

  private TraceTime() {}

  /** Nanoseconds to be added to a time of {@link System#nanoTime}. Any thread. */
  public static long offset(Tracing tracing) {
    return offset(System::nanoTime, tracing::now);
  }

  static long offset(LongSupplier monotonic, LongSupplier traces) {
    long offset = 0;
    long closest = Long.MAX_VALUE;
    for (int i = 0; i < READINGS && closest > AT_ONCE_NS; i++) {
      long before = monotonic.getAsLong();
      long now = traces.getAsLong();
      long apart = monotonic.getAsLong() - before;
      if (apart < closest) {
        closest = apart;
        offset = now - before;
      }
    }
    return offset;
  }
}
