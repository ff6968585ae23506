package dev.serving.trace;

import java.util.Arrays;
import java.util.List;

/**
 * An immutable list that grows at its end: one thread may read it while its owner appends, each
 * with the head it has.
 *
 * @param before all but the last, null for none
 * @param size how many there are
 */
record Chain<T>(Chain<T> before, T last, int size) {
  static <T> Chain<T> append(Chain<T> before, T last) {
    return new Chain<>(before, last, before == null ? 1 : before.size + 1);
  }

  static <T> int count(Chain<T> chain) {
    return chain == null ? 0 : chain.size;
  }

  /** Returns the elements in the order in which they came. */
  @SuppressWarnings("unchecked")
  static <T> List<T> list(Chain<T> chain) {
    if (chain == null) {
      return List.of();
    }
    Object[] elements = new Object[chain.size];
    for (Chain<T> at = chain; at != null; at = at.before) {
      elements[at.size - 1] = at.last;
    }
    return (List<T>) Arrays.asList(elements);
  }
}
