package dev.serving.bench.trace;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Processor time, in nanoseconds. */
final class Cpu {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Cpu() {}

  static long ofThisThread() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** Of all living threads that send spans: ours, and those of the sender. */
  static long ofExporting() {
    long sum = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      if (name.matches("(?i)(trace-export|okhttp|okio|jdkhttp|httpclient).*")) {
        sum += Math.max(0, THREADS.getThreadCpuTime(thread.getId()));
      }
    }
    return sum;
  }
}
