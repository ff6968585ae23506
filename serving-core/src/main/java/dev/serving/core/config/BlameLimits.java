package dev.serving.core.config;

/** What a frontend tells of why requests were slow, and how much of it. */
public final class BlameLimits {
  /** Requests whose accounts are kept: the last ones. */
  public static final int KEPT = 2048;

  /** How many of the slowest are told where nobody says how many. */
  public static final int TOLD = 5;

  /** The most that may be asked for at once. */
  public static final int MOST = 100;

  private BlameLimits() {}
}
