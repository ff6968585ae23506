package dev.serving.core.model.kernel;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One kernel in both forms, against the clock. */
final class Trial {
  private static final int CALLS = 25;
  private static final int WARMING_CALLS = 700;

  private final String name;
  private final Consumer<Kernels> call;
  private final LongSupplier clock;
  private long vectorNanos = Long.MAX_VALUE;
  private long plainNanos = Long.MAX_VALUE;

  Trial(String name, Consumer<Kernels> call) {
    this(name, call, System::nanoTime);
  }

  /** With a clock of its own, in nanoseconds. */
  Trial(String name, Consumer<Kernels> call, LongSupplier clock) {
    this.name = name;
    this.call = call;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  long vectorNanos() {
    return vectorNanos;
  }

  long plainNanos() {
    return plainNanos;
  }

  /** Runs one form often enough to have it compiled. */
  void warm(Kernels kernels) {
    for (int i = 0; i < WARMING_CALLS; i++) {
      call.accept(kernels);
    }
  }

  /** Runs both until the vector form has been the faster one; false if it never was. */
  boolean vectorsWin(Kernels vectors, Kernels plain, long limitNanos) {
    long end = clock.getAsLong() + limitNanos;
    do {
      vectorNanos = Math.min(vectorNanos, nanos(vectors));
      plainNanos = Math.min(plainNanos, nanos(plain));
      if (clock.getAsLong() > end) {
        return false;
      }
    } while (vectorNanos >= plainNanos);
    return true;
  }

  private long nanos(Kernels kernels) {
    long start = clock.getAsLong();
    for (int i = 0; i < CALLS; i++) {
      call.accept(kernels);
    }
    return (clock.getAsLong() - start) / CALLS;
  }
}
