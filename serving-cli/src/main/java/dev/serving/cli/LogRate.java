package dev.serving.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Marker;

/**
 * Bounds how fast the log grows by what goes wrong: each class has so many warnings and errors in
 * ten seconds, then one line says how many more there were. What strangers can bring about again
 * and again must not fill a disk. Any thread.
 */
final class LogRate extends TurboFilter {
  private static final int MOST = 20;
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private final Map<String, Window> windows = new ConcurrentHashMap<>();
  private final LongSupplier clock;

  /** By the system's clock. */
  LogRate() {
    this(System::nanoTime);
  }

  LogRate(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
    if (format == null || !level.isGreaterOrEqual(Level.WARN)) {
      return FilterReply.NEUTRAL; // only asked whether it would be logged
    }
    Window window = windows.computeIfAbsent(logger.getName(), n -> new Window(clock.getAsLong()));
    long leftOut = window.enter(clock.getAsLong());
    if (leftOut > 0) {
      logger.info("{} warnings and errors of the last seconds were left out here", leftOut);
    }
    return leftOut < 0 ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  /** The present ten seconds of one class. */
  private static final class Window {
    private long began;
    private int seen;

    Window(long now) {
      began = now;
    }

    /** -1 when it is one too many, else how many were before this window began. */
    synchronized long enter(long now) {
      long leftOut = 0;
      if (now - began >= WINDOW_NANOS) {
        leftOut = Math.max(0, seen - MOST);
        began = now;
        seen = 0;
      }
      return ++seen > MOST ? -1 : leftOut;
    }
  }
}
