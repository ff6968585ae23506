package dev.serving.core.frontend.engines;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Tells a stuck engine from one that is merely late. Late is who says nothing but computes: on an
 * overloaded machine that happens to healthy processes, and ending them would make it worse.
 */
final class Pulse {
  /** How much longer than one that does nothing a silent engine may go on that computes. */
  private static final int PATIENCE = 10;

  /** Less of a core than this is what an idle JVM takes for itself. */
  private static final double COMPUTES = 0.05;

  private final long silenceNanos;
  private final Supplier<Duration> cpuTime;
  private long heardNanos;
  private long sampledNanos;
  private Duration sample;

  /**
   * Begins now.
   *
   * @param silence how long an engine that does nothing may be silent
   * @param cpuTime the processor time that the engine has taken
   */
  Pulse(Duration silence, Supplier<Duration> cpuTime, long now) {
    this.silenceNanos = silence.toNanos();
    this.cpuTime = cpuTime;
    this.heardNanos = now;
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
      sample = cpuTime.get();
      sampledNanos = now;
    }
    return silent > silenceNanos && (silent > PATIENCE * silenceNanos || !computes(now));
  }

  private boolean computes(long now) {
    long taken = cpuTime.get().minus(sample).toNanos();
    return taken > COMPUTES * (now - sampledNanos);
  }
}
