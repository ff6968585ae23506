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
 * @param unread when its client did not read, so that its engine was not to go on
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
    List<Unread> unread,
    long concludedNs,
    long writtenNs,
    long endedNs) {
  /** Copies the lists. */
  public RequestPath {
    choices = List.copyOf(choices);
    unread = List.copyOf(unread);
  }

  /** Until when an engine had to do with it; long ago when none had. */
  long leftNs() {
    long left = Long.MIN_VALUE;
    for (ChoicePath choice : choices) {
      left = choice.end() == null ? left : Math.max(left, choice.end().leftNs());
    }
    return left;
  }

  /** When its engine sent the last it had to say of it; long ago when none did. */
  long sentNs() {
    long sent = Long.MIN_VALUE;
    for (ChoicePath choice : choices) {
      Token end = choice.end();
      sent = end == null || end.sentNs() == 0 ? sent : Math.max(sent, end.sentNs());
    }
    return sent;
  }

  /** The choice that was over last; null when none is. */
  ChoicePath overLast() {
    ChoicePath last = null;
    for (ChoicePath choice : choices) {
      Token end = choice.end();
      if (end != null && (last == null || end.takenNs() > last.end().takenNs())) {
        last = choice;
      }
    }
    return last;
  }

  /** The choice whose first token came before those of the others; null when there is none. */
  ChoicePath answeredFirst() {
    ChoicePath first = null;
    for (ChoicePath choice : choices) {
      Token token = choice.first();
      if (token != null && (first == null || token.takenNs() < first.first().takenNs())) {
        first = choice;
      }
    }
    return first;
  }

  /** The choice with the longest time between two tokens; null when there is none. */
  ChoicePath longestGap() {
    ChoicePath longest = null;
    for (ChoicePath choice : choices) {
      Gap gap = choice.worst();
      if (gap != null && (longest == null || gap.ns() > longest.worst().ns())) {
        longest = choice;
      }
    }
    return longest;
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

  /** So much of the answer waited for the client that no more was to be made, from when to when. */
  public record Unread(long fromNs, long toNs) {
    /** How much of an interval that is. */
    long within(long from, long to) {
      return Math.max(0, Math.min(to, toNs) - Math.max(from, fromNs));
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
