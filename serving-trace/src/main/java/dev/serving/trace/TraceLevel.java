package dev.serving.trace;

import org.jspecify.annotations.Nullable;

/**
 * How much of a request is recorded; each level holds those before it. Options, variables, carriers
 * and the server's API have it as a number, 0 to 3, where 0 is nothing.
 */
public enum TraceLevel {
  /** The stages that a request passes through. */
  STAGES(1),
  /** Also the hand-overs between them, and the lanes of every rank. */
  HAND_OVERS(2),
  /** Also details: chunks, steps. */
  DETAILS(3);

  private final int number;

  TraceLevel(int number) {
    this.number = number;
  }

  /** Returns the level as a number, 1 to 3. */
  public int number() {
    return number;
  }

  /** Returns whether this is the number of a level, or 0. */
  static boolean isNumber(int number) {
    return number >= 0 && number <= DETAILS.number;
  }

  /** Returns the number of a level; that of stages for null. */
  static int numberOf(@Nullable TraceLevel level) {
    return level == null ? STAGES.number : level.number;
  }
}
