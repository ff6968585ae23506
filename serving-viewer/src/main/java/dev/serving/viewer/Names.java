package dev.serving.viewer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps one copy of each name that repeats in every span: span names, attribute keys, scopes.
 * Bounded, because strangers choose them; names beyond the bound are simply not shared.
 */
final class Names {
  private static final int MAX_NAMES = 10_000;
  private static final int MAX_LENGTH = 200;

  private final Map<String, String> known = new ConcurrentHashMap<>();

  /** The copy to keep. */
  String shared(String name) {
    String first = known.get(name);
    if (first != null) {
      return first;
    }
    if (known.size() < MAX_NAMES && name.length() <= MAX_LENGTH) {
      known.put(name, name);
    }
    return name;
  }
}
