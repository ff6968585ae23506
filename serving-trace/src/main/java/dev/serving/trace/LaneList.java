package dev.serving.trace;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The open lanes of a request, and the threads that had one. There are few, and they are looked up
 * far more often than they change: so they are replaced under the lock of the request, and read
 * without one.
 */
final class LaneList implements Iterable<RealLane> {
  private static final RealLane[] NONE = {};
  private static final long[] NOBODY = {};

  private volatile RealLane[] open = NONE;
  private volatile long[] formerThreads = NOBODY;

  /** Returns the lane by which a thread is found, or null. */
  RealLane of(Thread thread) {
    for (RealLane lane : open) {
      if (lane.belongsTo(thread)) {
        return lane;
      }
    }
    return null;
  }

  /** Returns whether a lane of this thread has ended. */
  boolean had(Thread thread) {
    return Arrays.binarySearch(formerThreads, thread.getId()) >= 0;
  }

  boolean isEmpty() {
    return open.length == 0;
  }

  void add(RealLane lane) {
    RealLane[] more = Arrays.copyOf(open, open.length + 1);
    more[open.length] = lane;
    open = more;
  }

  void remove(RealLane lane) {
    open = Stream.of(open).filter(other -> other != lane).toArray(RealLane[]::new);
    long[] threads = formerThreads;
    formerThreads =
        LongStream.concat(LongStream.of(threads), LongStream.of(lane.threadId()))
            .distinct()
            .sorted()
            .toArray();
  }

  @Override
  public Iterator<RealLane> iterator() {
    return Arrays.asList(open).iterator();
  }

  @Override
  public String toString() {
    return Arrays.toString(open);
  }
}
