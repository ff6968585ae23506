package dev.serving.bench.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What each process takes of the machine for a token, at each level of tracing: who pays for it,
 * where the speeds only say how much.
 */
final class LevelTimes {
  private final Map<String, Long> processes;
  private final Map<String, ProcessTimes[]> taken = new LinkedHashMap<>();
  private final long[] tokens = new long[LevelSpeeds.LEVELS];
  private List<ProcessTimes> before = List.of();

  /**
   * Nothing counted yet.
   *
   * @param processes their ids, by what they are called
   */
  LevelTimes(Map<String, Long> processes) {
    this.processes = new LinkedHashMap<>(processes);
    for (String name : processes.keySet()) {
      ProcessTimes[] levels = new ProcessTimes[LevelSpeeds.LEVELS];
      Arrays.fill(levels, ProcessTimes.ZERO);
      taken.put(name, levels);
    }
  }

  /** A round at one level begins. */
  void begin() throws IOException {
    before = now();
  }

  /** It has ended, and this many tokens were made in it. */
  void end(int level, long made) throws IOException {
    List<ProcessTimes> after = now();
    int i = 0;
    for (ProcessTimes[] levels : taken.values()) {
      levels[level] = levels[level].plus(after.get(i).minus(before.get(i)));
      i++;
    }
    tokens[level] += made;
  }

  private List<ProcessTimes> now() throws IOException {
    List<ProcessTimes> times = new ArrayList<>();
    for (long pid : processes.values()) {
      times.add(ProcessTimes.of(pid));
    }
    return times;
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
}
