package dev.serving.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What nobody may ever ask to forget: of more entries than there is place for, the oldest goes. For
 * any thread.
 */
final class RecentMap<V> {
  private final Object lock = new Object();
  private final Map<String, V> entries = new LinkedHashMap<>();
  private final int most;

  RecentMap(int most) {
    this.most = most;
  }

  /** Puts a value, replacing one of the same key; returns whether another had to go. */
  boolean put(String key, V value) {
    synchronized (lock) {
      entries.put(key, value);
      return shrink();
    }
  }

  /** Puts a value unless there is one; returns whether another had to go. */
  boolean putIfAbsent(String key, V value) {
    synchronized (lock) {
      entries.putIfAbsent(key, value);
      return shrink();
    }
  }

  private boolean shrink() {
    if (entries.size() <= most) {
      return false;
    }
    entries.remove(entries.keySet().iterator().next());
    return true;
  }

  /** Returns the value of a key, or null. */
  @Nullable V get(String key) {
    synchronized (lock) {
      return entries.get(key);
    }
  }

  /** Returns and forgets the value of a key, or null. */
  @Nullable V remove(String key) {
    synchronized (lock) {
      return entries.remove(key);
    }
  }
}
