package dev.serving.blame;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long this process has stood still for its garbage collector. Any thread. */
public final class Pauses {
  /** What some collectors do while the process goes on has beans of its own, named so. */
  private static final List<String> ASIDE = List.of("Concurrent", "Cycles");

  private static final GarbageCollectorMXBean[] BEANS =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(bean -> ASIDE.stream().noneMatch(bean.getName()::contains))
          .toArray(GarbageCollectorMXBean[]::new);

  private Pauses() {}

  /** Nanoseconds since the process began, in steps of a millisecond: collectors tell no finer. */
  public static long sumNs() {
    long millis = 0;
    for (GarbageCollectorMXBean bean : BEANS) {
      millis += Math.max(0, bean.getCollectionTime());
    }
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
