package dev.serving.core.frontend;

import dev.serving.blame.RequestPath;
import dev.serving.blame.RequestPath.Unread;
import java.util.ArrayList;
import java.util.List;

/**
 * When a request passed which border, by {@link System#nanoTime}. Each method is called by the
 * thread that it names; what one has written the next has seen, since the request was handed over
 * by a queue in between.
 */
final class RequestClock {
  /** Of how many times that its client did not read is told: more would be a long list. */
  private static final int MOST_UNREAD = 1000;

  private final long beganNs;
  private final long readNs = System.nanoTime();
  private long workNs;
  private long submittedNs;
  private long linkNs;
  private int engine = -1;
  private final List<Unread> unread = new ArrayList<>();
  private long unreadSinceNs;
  private long concludedNs;

  /** Its last byte was read just now. Event loop. */
  RequestClock(long firstByteNs) {
    beganNs = firstByteNs;
  }

  /** Work on it begins. Preprocess thread. */
  void work() {
    workNs = System.nanoTime();
  }

  /** It goes to the link. Preprocess thread. */
  void submitted() {
    submittedNs = System.nanoTime();
  }

  /** The link sends it to this engine. Link thread. */
  void sent(int engineNumber) {
    engine = engineNumber;
    linkNs = System.nanoTime();
  }

  /** Its client does not read from now on, or has read. Postprocess thread. */
  void clientReads(boolean reads, long nanos) {
    if (!reads) {
      unreadSinceNs = nanos;
    } else {
      endUnread(nanos);
    }
  }

  private void endUnread(long nanos) {
    if (unreadSinceNs != 0 && unread.size() < MOST_UNREAD) {
      unread.add(new Unread(unreadSinceNs, nanos));
    }
    unreadSinceNs = 0;
  }

  /** When its client did not read. Postprocess thread. */
  List<Unread> unread() {
    return unread;
  }

  /** All of the answer was handed to the connection. Postprocess thread. */
  void concluded() {
    concludedNs = concludedNs == 0 ? System.nanoTime() : concludedNs;
  }

  /** The whole way of a request that is over. Postprocess thread. */
  RequestPath path(List<RequestPath.ChoicePath> choices, long writtenNs, long endedNs) {
    endUnread(endedNs);
    return new RequestPath(
        beganNs,
        readNs,
        workNs,
        submittedNs,
        linkNs,
        engine,
        choices,
        unread,
        concludedNs,
        writtenNs,
        endedNs);
  }
}
