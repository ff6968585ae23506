package dev.serving.bench.server;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What each process takes of the machine for a token, at each level of tracing: who pays for it,
 * where the speeds only say how much. The threads that multiply stand by themselves: how long they
 * take depends on what the memory gives, which changes by more than what tracing takes. Compilers
 * are left out, which have an end.
 */
final class LevelTimes {
  private static final String MODEL = ", model";
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final Map<String, Long> processes;
  private final Map<String, ProcessTimes[]> taken = new LinkedHashMap<>();
  private final long[] tokens = new long[LevelSpeeds.LEVELS];
  private Map<String, ProcessTimes> before = Map.of();

  /**
   * Nothing counted yet.
   *
   * @param processes their ids, by what they are called
   */
  LevelTimes(Map<String, Long> processes) {
    this.processes = new LinkedHashMap<>(processes);
  }

  /** A round at one level begins. */
  void begin() throws IOException {
    before = now();
  }

  /** It has ended, and this many tokens were made in it. */
  void end(int level, long made) throws IOException {
    now()
        .forEach(
            (row, after) -> {
              ProcessTimes[] levels = taken.computeIfAbsent(row, r -> zeros());
              ProcessTimes since = after.minus(before.getOrDefault(row, ProcessTimes.ZERO));
              levels[level] = levels[level].plus(since);
            });
    tokens[level] += made;
  }

  private static ProcessTimes[] zeros() {
    ProcessTimes[] levels = new ProcessTimes[LevelSpeeds.LEVELS];
    Arrays.fill(levels, ProcessTimes.ZERO);
    return levels;
  }

  private Map<String, ProcessTimes> now() throws IOException {
    Map<String, ProcessTimes> rows = new LinkedHashMap<>();
    for (Map.Entry<String, Long> process : processes.entrySet()) {
      ProcessTimes.byThread(process.getValue())
          .forEach(
              (thread, times) -> {
                if (!ProcessTimes.compiles(thread)) {
                  boolean multiplies = thread.matches("worker|compute-\\d+");
                  String row = process.getKey() + (multiplies ? MODEL : "");
                  rows.merge(row, times, ProcessTimes::plus);
                }
              });
    }
    return rows;
  }

  /** One line a process and level: microseconds on a processor and waiting for one, and turns. */
  String table() {
    StringBuilder text =
        new StringBuilder(
            "process             level   run us/token   wait us/token   turns/token\n");
    taken.forEach(
        (name, levels) -> {
          for (int level = 0; level < levels.length; level++) {
            text.append(line(name, level, levels[level]));
          }
        });
    return text.toString();
  }

  private String line(String name, int level, ProcessTimes times) {
    double of = Math.max(1, tokens[level]);
    return String.format(
        Locale.ROOT,
        "%-19s %-5s %14.2f %15.2f %13.2f%n",
        name,
        level == 0 ? "off" : Integer.toString(level),
        times.runNanos() / of / 1000,
        times.waitNanos() / of / 1000,
        times.turns() / of);
  }

  /**
   * What tracing takes of the machine beside the threads that multiply, a line a level.
   *
   * @param speed tokens a second without it
   */
  String shares(double speed) {
    StringBuilder text =
        new StringBuilder("beside the model, of all cores at the speed of off, more than off\n");
    for (int level = 1; level < LevelSpeeds.LEVELS; level++) {
      text.append(
          String.format(
              Locale.ROOT,
              "level %d: the server's processes %.2f %%, clients and receiver %.2f %%%n",
              level,
              share(level, speed, row -> !row.equals(ServeProcess.OUTSIDE) && !row.endsWith(MODEL)),
              share(level, speed, ServeProcess.OUTSIDE::equals)));
    }
    return text.toString();
  }

  /** In percent. */
  private double share(int level, double speed, Predicate<String> rows) {
    double more = nanos(level, rows) - nanos(0, rows); // a token
    return more * speed / (CORES * 1e9) * 100;
  }

  private double nanos(int level, Predicate<String> rows) {
    return taken.entrySet().stream()
        .filter(row -> rows.test(row.getKey()))
        .mapToDouble(row -> row.getValue()[level].runNanos() / (double) Math.max(1, tokens[level]))
        .sum();
  }
}
