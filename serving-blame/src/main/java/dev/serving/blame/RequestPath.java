package dev.serving.blame;

import java.util.List;

/**
 * What had to happen one after the other until a request was over, as its frontend saw it. Times
 * are of {@link System#nanoTime}; 0 is never.
 *
 * @param beganNs its first byte was read
 * @param readNs its last byte was read
 * @param workNs a thread began to make tokens of it
 * @param submittedNs it was left for the thread of the link
 * @param linkNs the link sent it
 * @param engine the engine that it was sent to; below 0 for none
 * @param choices its choices; none when it never went to an engine
 * @param concludedNs the last of the answer was handed to the connection
 * @param writtenNs its last byte was written, or its client was gone
 * @param endedNs all was over
 */
public record RequestPath(
    long beganNs,
    long readNs,
    long workNs,
    long submittedNs,
    long linkNs,
    int engine,
    List<ChoicePath> choices,
    long concludedNs,
    long writtenNs,
    long endedNs) {
  /** Copies the list. */
  public RequestPath {
    choices = List.copyOf(choices);
  }

  /** Until when an engine had to do with it; long ago when none had. */
  long leftNs() {
    return choices.stream()
        .filter(choice -> choice.end() != null)
        .mapToLong(choice -> choice.end().leftNs())
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /**
   * One choice.
   *
   * @param rid its id
   * @param first its first token; null when it has none
   * @param worst the token that came longest after the one before; null when there are not two
   * @param end its last output, with a token or without; null when there was none
   */
  public record ChoicePath(String rid, Token first, Gap worst, Token end) {
    /** Its number in the ledger. */
    long key() {
      return StepKey.of(rid);
    }
  }

  /**
   * A token, or an output without one.
   *
   * @param index how many tokens came before it
   * @param sentNs when the engine sent it; 0 when no engine did
   * @param heardNs when the frontend's link had it
   * @param takenNs when the thread that makes text of it took it up: from here on it is there
   */
  public record Token(int index, long sentNs, long heardNs, long takenNs) {
    /** Until when it was its engine's business. */
    long leftNs() {
      return sentNs == 0 ? heardNs : sentNs;
    }
  }

  /** From one token to the next. */
  public record Gap(Token before, Token token) {
    /** How long it was, in nanoseconds. */
    public long ns() {
      return token.takenNs() - before.takenNs();
    }
  }
}
