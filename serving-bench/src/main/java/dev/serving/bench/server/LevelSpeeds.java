package dev.serving.bench.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Speeds at each level of tracing, one of each a round, and what they are of the round's speed with
 * tracing off. A machine's mood lasts longer than a round, so only such pairs are compared.
 */
final class LevelSpeeds {
  /** Off, and the three levels. */
  static final int LEVELS = 4;

  private static final double[] GOALS = {1, 0.99, 0.99, 0.98};

  private final List<double[]> rounds = new ArrayList<>();

  /** Adds a round: the speeds at level 0, which is off, to 3. */
  void add(double... speeds) {
    if (speeds.length != LEVELS) {
      throw new IllegalArgumentException("a round has " + LEVELS + " speeds");
    }
    rounds.add(speeds.clone());
  }

  int rounds() {
    return rounds.size();
  }

  /** The median of a level's share of the speed with tracing off. */
  double ratio(int level) {
    return ratios(level).median();
  }

  /** Between which two values the true one lies: {@link Ratios#interval}. */
  double[] interval(int level) {
    return ratios(level).interval();
  }

  private Ratios ratios(int level) {
    Ratios ratios = new Ratios();
    rounds.forEach(round -> ratios.add(round[level] / round[0]));
    return ratios;
  }

  /** The median of a level's speeds, tokens a second. */
  double speed(int level) {
    double[] speeds = rounds.stream().mapToDouble(r -> r[level]).toArray();
    Arrays.sort(speeds);
    return speeds[speeds.length / 2];
  }

  /**
   * One line a level.
   *
   * @param withGoals whether to say what each should reach
   */
  String table(boolean withGoals) {
    StringBuilder text =
        new StringBuilder(
            "level   tokens/s   of off   95 % interval" + (withGoals ? "    goal\n" : "\n"));
    for (int level = 0; level < LEVELS; level++) {
      double[] interval = interval(level);
      String goal = withGoals ? "   %.2f %s".formatted(GOALS[level], verdict(level)) : "";
      text.append(
          String.format(
              Locale.ROOT,
              "%-5s %10.1f %8.3f   %.3f to %.3f%s%n",
              level == 0 ? "off" : Integer.toString(level),
              speed(level),
              ratio(level),
              interval[0],
              interval[1],
              level == 0 ? "" : goal));
    }
    return text.toString();
  }

  private String verdict(int level) {
    return ratio(level) >= GOALS[level] ? "reached" : "missed";
  }
}
