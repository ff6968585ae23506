package dev.serving.core.frontend.http;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many connections there may be. A few more are let in when all places are taken by clients
 * that are being served, so that whoever asks how the server is gets an answer. Any thread.
 */
final class Places {
  /** Places beyond the limit, for {@code /health} and {@code /ready}. */
  static final int RESERVED = 64;

  private static final long WARN_NANOS = 60_000_000_000L;

  private final int limit;
  private final long arriving;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong warned = new AtomicLong(System.nanoTime() - WARN_NANOS);
  private final FastThreadLocal<Guests> guests =
      new FastThreadLocal<>() {
        @Override
        protected Guests initialValue() {
          return new Guests(arriving);
        }
      };

  /**
   * So many places.
   *
   * @param arriving bytes that each event loop may hold for requests that are not whole
   */
  Places(int limit, long arriving) {
    this.limit = limit;
    this.arriving = arriving;
  }

  int limit() {
    return limit;
  }

  int open() {
    return open.get();
  }

  /** The connections of the event loop that calls. */
  Guests guests() {
    return guests.get();
  }

  /** Takes a place for a newcomer, at another's expense if need be; how it may use it. */
  Place enter(Connection newcomer) {
    int now = open.incrementAndGet();
    if (now <= limit || guests().giveUpPlace(newcomer)) {
      warn(now);
      return Place.FREE;
    }
    warn(now);
    boolean reserved = now <= limit + RESERVED || guests().giveUpReservedPlace(newcomer);
    return reserved ? Place.RESERVED : Place.NONE;
  }

  void leave() {
    open.decrementAndGet();
  }

  /** One line a minute, whatever comes. */
  private void warn(int now) {
    long before = warned.get();
    long nanos = System.nanoTime();
    if (now > limit && nanos - before > WARN_NANOS && warned.compareAndSet(before, nanos)) {
      System.getLogger(Places.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "all {0} connections are taken (--max-connections); unused ones make way",
              limit);
    }
  }

  /** What a newcomer got. */
  enum Place {
    /** As any other. */
    FREE,
    /** Only to ask how the server is. */
    RESERVED,
    /** It had one, which is another's now. */
    HANDED_ON,
    /** None. */
    NONE
  }
}
