package dev.serving.core.frontend.engines;

import dev.serving.core.fault.RunDelay;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Tells a stuck engine from one that is merely late. Late is who says nothing but computes, or
 * would if he had a core: on an overloaded machine that happens to healthy processes, and ending
 * them would make it worse. Time in which an engine wanted a core and got none is no silence.
 */
final class Pulse {
  /** How much longer than one that does nothing a silent engine may go on that computes. */
  private static final int PATIENCE = 10;

  /** Less of a core than this is what an idle JVM takes for itself. */
  private static final double COMPUTES = 0.05;

  private final long silenceNanos;
  private final Supplier<Duration> cpuTime;
  private final Supplier<RunDelay> runDelay;
  private long heardNanos;
  private Sample sample;

  /**
   * Begins now.
   *
   * @param silence how long an engine that does nothing may be silent
   * @param cpuTime the processor time that the engine has taken
   * @param runDelay how long it has waited for a core
   */
  Pulse(Duration silence, Supplier<Duration> cpuTime, Supplier<RunDelay> runDelay, long nowNanos) {
    this.silenceNanos = silence.toNanos();
    this.cpuTime = cpuTime;
    this.runDelay = runDelay;
    this.heardNanos = nowNanos;
  }

  /** The engine said something. */
  void heard(long now) {
    heardNanos = now;
    sample = null;
  }

  /** Nobody listened for so long: that was no silence of the engine's. */
  void excuse(long nanos) {
    heardNanos += nanos;
  }

  /** Whether the engine must be given up. To be asked often. */
  boolean stuck(long now) {
    long silent = now - heardNanos;
    if (silent < silenceNanos / 2) {
      return false;
    }
    if (sample == null) {
      sample = sample(now);
    }
    return silent > silenceNanos && stuck(silent, sample(now));
  }

  private boolean stuck(long silent, Sample now) {
    long able = silent - now.waitedSince(sample);
    return able > silenceNanos && (able > PATIENCE * silenceNanos || !now.computedSince(sample));
  }

  private Sample sample(long now) {
    return new Sample(now, cpuTime.get(), runDelay.get());
  }

  private record Sample(long nanos, Duration cpu, RunDelay delay) {
    private long waitedSince(Sample earlier) {
      return delay.since(earlier.delay).toNanos();
    }

    private boolean computedSince(Sample earlier) {
      long taken = cpu.minus(earlier.cpu).toNanos();
      return taken > COMPUTES * (nanos - earlier.nanos - waitedSince(earlier));
    }
  }
}
