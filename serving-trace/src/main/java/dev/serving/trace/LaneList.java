package dev.serving.trace;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open lanes of a request. Nearly always they are few, and are looked up far more often than
 * they change: an array that is replaced. Many go into a map, for good. Changed under the lock of
 * the request, read without one.
 */
final class LaneList implements Iterable<RealLane> {
  private static final RealLane[] NONE = {};
  private static final int FEW = 8;

  private volatile RealLane[] few = NONE;

  /** By thread, or by itself if its thread has another that it is found by; null while few. */
  private volatile @Nullable Map<Object, RealLane> many;

  /** Returns the lane by which a thread is found, or null. */
  @Nullable RealLane of(Thread thread) {
    Map<Object, RealLane> map = many;
    if (map != null) {
      return map.get(thread);
    }
    for (RealLane lane : few) {
      if (lane.belongsTo(thread)) {
        return lane;
      }
    }
    return null;
  }

  boolean isEmpty() {
    Map<Object, RealLane> map = many;
    return map != null ? map.isEmpty() : few.length == 0;
  }

  void add(RealLane lane) {
    Map<Object, RealLane> map = many;
    if (map == null && few.length < FEW) {
      RealLane[] more = Arrays.copyOf(few, few.length + 1);
      more[few.length] = lane;
      few = more;
      return;
    }
    if (map == null) {
      map = new ConcurrentHashMap<>();
      for (RealLane other : few) {
        map.put(other.key(), other);
      }
    }
    map.put(lane.key(), lane);
    many = map;
  }

  void remove(RealLane lane) {
    Map<Object, RealLane> map = many;
    if (map != null) {
      map.remove(lane.key(), lane);
    } else {
      few = Stream.of(few).filter(other -> other != lane).toArray(RealLane[]::new);
    }
  }

  @Override
  public Iterator<RealLane> iterator() {
    Map<Object, RealLane> map = many;
    return map != null ? map.values().iterator() : Arrays.asList(few).iterator();
  }

  @Override
  public String toString() {
    Map<Object, RealLane> map = many;
    return map != null ? map.values().toString() : Arrays.toString(few);
  }
}
