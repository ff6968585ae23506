package dev.serving.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks.map(ProcessTimes::ofThread).reduce(ZERO, ProcessTimes::plus);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static ProcessTimes ofThread(Path task) {
    try {
      List<String> words = List.of(Files.readString(task.resolve("schedstat")).trim().split(" "));
      return new ProcessTimes(
          Long.parseLong(words.get(0)), Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
    } catch (NoSuchFileException e) {
      return ZERO; // ended between being listed and being looked at
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
