package dev.serving.cli.soak;

import java.util.Collection;

/**
 * Something that a soak looks at.
 *
 * @param name what
 * @param found what was seen, for people
 * @param passed whether it is as it should be
 */
record Check(String name, String found, boolean passed) {
  /** That something is as much as it should be. */
  static Check equal(String name, double found, double wanted) {
    String text = found == wanted ? number(found) : number(found) + ", not " + number(wanted);
    return new Check(name, text, found == wanted);
  }

  /** That there is at least so much of something. */
  static Check atLeast(String name, long found, long least) {
    return new Check(name, found + " (at least " + least + ")", found >= least);
  }

  /** That something has not grown by more than this. */
  static Check flat(String name, double first, double last, double allowed) {
    return new Check(
        name,
        "%s → %s (at most +%s)".formatted(number(first), number(last), number(allowed)),
        last <= first + allowed);
  }

  /** That nothing is in a list of what must not be. */
  static Check none(String name, Collection<?> found) {
    return new Check(name, found.isEmpty() ? "none" : found.toString(), found.isEmpty());
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : "%.1f".formatted(value);
  }

  /** A line of the report. */
  String line() {
    return "  %-6s  %-40s %s".formatted(passed ? "ok" : "FAILED", name, found);
  }
}
