package dev.serving.blame;

/**
 * Why a request took as long as it did.
 *
 * @param whole from its first byte until all was over
 * @param firstToken from its first byte to its first token; null when it has none
 * @param worst the token that came longest after the one before; null when there are not two
 * @param alone what it would have taken with the server to itself
 * @param costNs its share of its engine's time. That is not a part of its latency: the shares of
 *     all requests are the time that the ranks were busy
 * @param basis what was known of its engine's steps: from these, and the request's path, whoever
 *     has the steps makes the same account
 */
public record Account(
    Blame whole, Blame firstToken, WorstToken worst, Alone alone, long costNs, Basis basis) {
  /** How well the cost of steps was known, 0 to 1. */
  public double fit() {
    return basis.cost().fit();
  }

  /** Whether it was known so badly that steps were shared by rows. */
  public boolean byRows() {
    return basis.cost().byRows();
  }

  /**
   * What a request would have taken with the server to itself, in nanoseconds.
   *
   * @param wholeNs all of it
   * @param firstTokenNs until its first token; 0 when it has none
   * @param learned from requests that had the server to themselves; else it is the sum of the
   *     causes that an idle server has too, as they were in the crowd
   */
  public record Alone(long wholeNs, long firstTokenNs, boolean learned) {}

  /**
   * A token and the time since the one before.
   *
   * @param index how many tokens came before it
   * @param step the step that made it; -1 when it is not known
   * @param blame of the time between them
   */
  public record WorstToken(int index, long step, Blame blame) {}
}
