package dev.serving.trace;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Counts faults and tells of them without flooding: the first of a kind at once with what to do,
 * later ones at most once a minute with their number. Never throws. For any thread.
 */
final class FaultLog {
  private static final System.Logger LOG = System.getLogger("dev.serving.trace");
  private static final long PAUSE = Duration.ofMinutes(1).toNanos();
  private static final int MANY = 255;

  private final Map<TraceFault, Kind> kinds = new EnumMap<>(TraceFault.class);
  private final LongSupplier nanoTime;

  FaultLog() {
    this(System::nanoTime);
  }

  FaultLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    for (TraceFault fault : TraceFault.values()) {
      kinds.put(fault, new Kind());
    }
  }

  /** Counts one; {@code detail} is asked only if a line is written. It must hold no secret. */
  void report(TraceFault fault, Supplier<String> detail) {
    Kind kind = kinds.get(fault);
    kind.total.increment();
    long now = nanoTime.getAsLong();
    long due = kind.due.get();
    if ((due == 0 || now - due >= 0) && kind.due.compareAndSet(due, never0(now + PAUSE))) {
      write(fault, kind, detail);
    }
  }

  /** The same for what may come by the million: once the first is told, few look at the clock. */
  void reportOneOfMany(TraceFault fault, Supplier<String> detail) {
    Kind kind = kinds.get(fault);
    boolean told = kind.due.getPlain() != 0;
    if (told && (ThreadLocalRandom.current().nextInt() & MANY) != 0) {
      kind.total.increment();
    } else {
      report(fault, detail);
    }
  }

  long count(TraceFault fault) {
    return kinds.get(fault).total.sum();
  }

  private static void write(TraceFault fault, Kind kind, Supplier<String> detail) {
    long total = kind.total.sum();
    long more = total - kind.told.getAndSet(total);
    String times = more > 1 ? " (%d times since the last such line)".formatted(more) : "";
    String what = detail.get(); // here, and not in the logger: it may ask who called
    LOG.log(
        System.Logger.Level.WARNING,
        () -> "Tracing, %s%s: %s. %s".formatted(fault.label(), times, what, fault.advice()));
  }

  private static long never0(long nanos) {
    return nanos == 0 ? 1 : nanos;
  }

  private static final class Kind {
    final LongAdder total = new LongAdder();
    final AtomicLong due = new AtomicLong();
    final AtomicLong told = new AtomicLong();
  }
}
