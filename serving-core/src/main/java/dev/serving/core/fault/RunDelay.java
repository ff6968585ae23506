package dev.serving.core.fault;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long each thread of a process has been ready to run while others had the cores, as Linux
 * tells it. It distinguishes who stands still from who is not let run: a process that was stopped
 * or that waits for ever does not want a core. Immutable.
 *
 * @param threads what is known of each thread by its number; nothing where the system does not tell
 * @param atNanos when, by {@link System#nanoTime}
 */
public record RunDelay(Map<String, Task> threads, long atNanos) {
  private static final Path PROCESSES = Path.of("/proc");
  private static final char READY = 'R';

  /** Keeps a copy. */
  public RunDelay {
    threads = Map.copyOf(threads);
  }

  /** Of a process, now. Takes some tens of microseconds for each of its threads. */
  public static RunDelay of(long pid) {
    return read(PROCESSES.resolve(pid + "/task"), System.nanoTime());
  }

  /** As it stands in a directory like {@code /proc/PID/task}. */
  static RunDelay read(Path tasks, long atNanos) {
    Map<String, Task> threads = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      for (Path task : all) {
        put(threads, task);
      }
    } catch (IOException e) {
      // Gone, or no Linux: nothing is known.
    }
    return new RunDelay(threads, atNanos);
  }

  private static void put(Map<String, Task> threads, Path task) {
    try {
      threads.put(task.getFileName().toString(), Task.read(task));
    } catch (IOException | RuntimeException e) {
      // It has just ended, or this kernel writes something else.
    }
  }

  /** The longest that one of its threads wanted a core in vain since then. */
  public Duration since(RunDelay earlier) {
    long elapsed = atNanos - earlier.atNanos;
    long longest =
        threads.entrySet().stream()
            .filter(thread -> earlier.threads.containsKey(thread.getKey()))
            .mapToLong(
                thread -> thread.getValue().since(earlier.threads.get(thread.getKey()), elapsed))
            .max()
            .orElse(0);
    return Duration.ofNanos(Math.min(longest, elapsed));
  }

  /**
   * A thread.
   *
   * @param ready whether it runs or is ready to
   * @param ranNanos how long it has run
   * @param waitedNanos how long it was ready and did not run, up to when it ran last
   */
  public record Task(boolean ready, long ranNanos, long waitedNanos) {
    private static Task read(Path task) throws IOException {
      String[] times = Files.readString(task.resolve("schedstat")).split(" ", 3);
      String stat = Files.readString(task.resolve("stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2); // a name may hold what it likes
      return new Task(state == READY, Long.parseLong(times[0]), Long.parseLong(times[1]));
    }

    /** A wait is counted when it is over; one that lasts is seen by a thread that has not run. */
    private long since(Task earlier, long elapsed) {
      boolean waits = ready && earlier.ready && ranNanos == earlier.ranNanos;
      return waits ? elapsed : waitedNanos - earlier.waitedNanos;
    }
  }
}
