package dev.serving.core.message;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a process takes of its machine, and how it does.
 *
 * @param cpuNs processor time since its start, in nanoseconds
 * @param residentBytes physical memory that it holds
 * @param heapBytes heap that is used, garbage included
 * @param maxHeapBytes most heap that it may have
 * @param collections garbage collections since its start
 * @param collectionNs time in them, in nanoseconds
 * @param startMillis when it started, in milliseconds since the epoch
 */
public record ProcessUsage(
    long cpuNs,
    long residentBytes,
    long heapBytes,
    long maxHeapBytes,
    long collections,
    long collectionNs,
    long startMillis) {
  /** Of a process of which nothing is known. */
  public static final ProcessUsage NONE = new ProcessUsage(0, 0, 0, 0, 0, 0, 0);

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  /** Refuses negative numbers. */
  public ProcessUsage {
    boolean memory = residentBytes >= 0 && heapBytes >= 0 && maxHeapBytes >= 0;
    if (!memory || cpuNs < 0 || collections < 0 || collectionNs < 0 || startMillis < 0) {
      throw new IllegalArgumentException("a process's numbers must not be negative");
    }
  }

  /** Of this process, now; takes some tens of microseconds. */
  public static ProcessUsage now() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    return new ProcessUsage(
        cpuNanos(),
        resident(),
        heap.getUsed(),
        Math.max(0, heap.getMax()),
        collectors.stream().mapToLong(c -> Math.max(0, c.getCollectionCount())).sum(),
        TimeUnit.MILLISECONDS.toNanos(
            collectors.stream().mapToLong(c -> Math.max(0, c.getCollectionTime())).sum()),
        ManagementFactory.getRuntimeMXBean().getStartTime());
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? Math.max(0, system.getProcessCpuTime())
        : 0;
  }

  /** As Linux counts it; elsewhere the used heap. */
  private static long resident() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseGet(ProcessUsage::usedHeap);
    } catch (IOException e) {
      return usedHeap();
    }
  }

  private static long usedHeap() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
