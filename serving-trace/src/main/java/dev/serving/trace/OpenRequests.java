package dev.serving.trace;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The requests that have not finished, in a wheel of time: each spoke holds those to look at when
 * its turn comes. One that was busy in the meantime moves on to a later spoke; one that was not has
 * been abandoned, and is ended. Working for a request never touches the wheel.
 *
 * <pre>
 *          turn
 *           v
 *   [..][..][ r7 r9 ][..][ r3 ][..]     a request goes in `abandonAfter` ahead of the turn
 * </pre>
 */
final class OpenRequests {
  private static final int SPOKES = 16;
  private static final int TURNS = SPOKES - 1;

  /** Longer is as good as never, and cannot be calculated with in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(1_000);

  private final RealTracing tracing;
  private final long abandonAfter;
  private final Set<RealReqContext>[] spokes;
  private final AtomicInteger turn = new AtomicInteger();
  private final Thread timer;

  @SuppressWarnings({"unchecked", "rawtypes"})
  OpenRequests(Duration abandonAfter, RealTracing tracing) {
    this.tracing = tracing;
    this.abandonAfter = Collections.min(List.of(abandonAfter, LONGEST)).toNanos();
    this.spokes = new Set[SPOKES];
    for (int i = 0; i < SPOKES; i++) {
      spokes[i] = ConcurrentHashMap.newKeySet();
    }
    this.timer = new Thread(this::run, "serving-trace-timer");
    timer.setDaemon(true);
  }

  void start() {
    timer.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(Math.max(1, abandonAfter / TURNS / 1_000_000));
        turn();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Adds a request, or does nothing if it is there. */
  void add(RealReqContext request) {
    if (request.spoke() < 0) {
      put(request, TURNS);
    }
  }

  private void put(RealReqContext request, int ahead) {
    int spoke = Math.floorMod(turn.get() + ahead, SPOKES);
    request.spoke(spoke);
    spokes[spoke].add(request);
  }

  void remove(RealReqContext request) {
    int spoke = request.spoke();
    if (spoke >= 0) {
      spokes[spoke].remove(request);
      request.spoke(-1);
    }
  }

  int size() {
    int size = 0;
    for (Set<RealReqContext> spoke : spokes) {
      size += spoke.size();
    }
    return size;
  }

  /** Returns one line for each open request: its id, and what is open in it. */
  List<String> describe() {
    return Stream.of(spokes)
        .flatMap(Set::stream)
        .filter(RealReqContext::isOpen)
        .map(RealReqContext::toString)
        .toList();
  }

  /** Looks at the requests whose turn it is. */
  void turn() {
    Set<RealReqContext> due = spokes[Math.floorMod(turn.incrementAndGet(), SPOKES)];
    long now = tracing.now();
    for (RealReqContext request : List.copyOf(due)) {
      due.remove(request);
      long idle = now - request.lastActivity();
      if (!request.isOpen()) {
        request.spoke(-1);
      } else if (idle < abandonAfter) {
        put(request, (int) Math.max(1, TURNS * (abandonAfter - idle) / abandonAfter));
      } else {
        tracing.fault(
            TraceFault.ABANDONED, () -> Culprit.quoted(request.toString()) + " was ended");
        request.abort(now, "abandoned");
      }
    }
  }

  /** Ends all that is open, at the given time. */
  void close(long ts) {
    timer.interrupt();
    for (Set<RealReqContext> spoke : spokes) {
      spoke.forEach(request -> request.abort(ts, "shutdown"));
    }
  }
}
