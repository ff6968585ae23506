package dev.serving.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a process has taken of the machine so far, summed over its threads: Linux's {@code
 * /proc/PID/task/TID/schedstat}, see {@code Documentation/scheduler/sched-stats.rst} there. A
 * thread that ended since takes its part along, so differences are of long-lived threads.
 *
 * @param runNanos nanoseconds on a processor
 * @param waitNanos nanoseconds of being ready to run while no processor was free
 * @param turns how often it was put on a processor
 */
record ProcessTimes(long runNanos, long waitNanos, long turns) {
  static final ProcessTimes ZERO = new ProcessTimes(0, 0, 0);

  /** Of one process now. */
  static ProcessTimes of(long pid) throws IOException {
    ProcessTimes sum = ZERO;
    for (Path task : tasks(pid)) {
      sum = sum.plus(ofThread(task));
    }
    return sum;
  }

  /** Of the threads of one process now, by their names. */
  static Map<String, ProcessTimes> byThread(long pid) throws IOException {
    Map<String, ProcessTimes> sums = new TreeMap<>();
    for (Path task : tasks(pid)) {
      sums.merge(read(task, "comm"), ofThread(task), ProcessTimes::plus);
    }
    return sums;
  }

  /** Whether a thread of this name compiles for the JVM, which has an end. */
  static boolean compiles(String thread) {
    return thread.contains("Compiler");
  }

  private static List<Path> tasks(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks.toList();
    }
  }

  private static ProcessTimes ofThread(Path task) throws IOException {
    String times = read(task, "schedstat");
    if (times.isEmpty()) {
      return ZERO;
    }
    List<String> words = List.of(times.split(" "));
    return new ProcessTimes(
        Long.parseLong(words.get(0)), Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
  }

  /** What is in one of its files; empty where it ended between being listed and looked at. */
  private static String read(Path task, String file) throws IOException {
    try {
      return Files.readString(task.resolve(file)).strip();
    } catch (IOException e) {
      if (Files.exists(task)) {
        throw e;
      }
      return ""; // the file is not there, or was opened before and has no process now
    }
  }

  ProcessTimes plus(ProcessTimes other) {
    return new ProcessTimes(
        runNanos + other.runNanos, waitNanos + other.waitNanos, turns + other.turns);
  }

  ProcessTimes minus(ProcessTimes other) {
    return new ProcessTimes(
        runNanos - other.runNanos, waitNanos - other.waitNanos, turns - other.turns);
  }
}
