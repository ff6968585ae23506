package dev.serving.core.model.kernel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One kernel in both forms, against the clock.
 *
 * <p>A process that gets little of a core gets its compilers' work done late, and what runs hot
 * meanwhile takes the core from them. So once a kernel was called as often as calls for C2, the
 * trial rests between its looks; and it compares the least times, which are those without
 * interruptions.
 */
final class Trial {
  /** What tells the time and lets it pass; in nanoseconds. */
  interface Clock {
    /** Now, from any beginning. */
    long nanos();

    /** Does nothing for so long. */
    void rest(long nanos);
  }

  private static final int CALLS = 25;
  private static final int WARMING_CALLS = 700;

  /** So many rounds in a row must be won: a lone one may be that in which plain Java was cold. */
  private static final int WINS = 4;

  /** By then, C2 has been asked for both forms. */
  private static final int BUSY_ROUNDS = 60;

  private static final long FIRST_REST = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(10);

  private final String name;
  private final Consumer<Kernels> call;
  private final Clock clock;
  private long vectorNanos = Long.MAX_VALUE;
  private long plainNanos = Long.MAX_VALUE;

  Trial(String name, Consumer<Kernels> call) {
    this(name, call, new RealClock());
  }

  /** With a clock of its own. */
  Trial(String name, Consumer<Kernels> call, Clock clock) {
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

  /** Runs both until the vector form is the faster one; false if it was not within the limit. */
  boolean vectorsWin(Kernels vectors, Kernels plain, long limitNanos) {
    long end = clock.nanos() + limitNanos;
    int wins = 0;
    for (int round = 0; wins < WINS; round++) {
      if (clock.nanos() > end) {
        return false;
      }
      vectorNanos = Math.min(vectorNanos, nanos(vectors));
      plainNanos = Math.min(plainNanos, nanos(plain));
      wins = vectorNanos < plainNanos ? wins + 1 : 0;
      if (wins == 0 && round >= BUSY_ROUNDS) {
        clock.rest(Math.min(LONGEST_REST, FIRST_REST << Math.min(round - BUSY_ROUNDS, 10)));
      }
    }
    return true;
  }

  private long nanos(Kernels kernels) {
    long start = clock.nanos();
    for (int i = 0; i < CALLS; i++) {
      call.accept(kernels);
    }
    return (clock.nanos() - start) / CALLS;
  }

  private static final class RealClock implements Clock {
    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void rest(long nanos) {
      LockSupport.parkNanos(nanos);
    }
  }
}
