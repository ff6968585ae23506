package dev.serving.cli.load;

/** Shows how far a load is. Called by one thread at a time. */
@FunctionalInterface
public interface Progress {
  /**
   * Shows it.
   *
   * @param share of the load that is done, 0 to 1
   * @param ended requests that have ended
   * @param failed of these, those that failed
   * @param seconds since the beginning
   */
  void at(double share, int ended, int failed, double seconds);
}
