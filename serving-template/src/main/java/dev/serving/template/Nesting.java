package dev.serving.template;

import java.util.Collection;

/**
 * Bounds on values within values.
 *
 * <p>A list that holds the same list twice, thirty times over, is small in memory and endless to
 * write or compare. Each container therefore knows its full size and depth when it is made, and one
 * that is too large is refused.
 */
final class Nesting {
  static final int MAX_WEIGHT = 1 << 23;
  static final int MAX_DEPTH = 400;

  private Nesting() {}

  static int weight(Collection<? extends Value> elements) {
    long weight = 1;
    for (Value element : elements) {
      weight += element.weight();
    }
    if (weight > MAX_WEIGHT) {
      throw TemplateException.limit("a value has more than " + MAX_WEIGHT + " elements");
    }
    return (int) weight;
  }

  static int depth(Collection<? extends Value> elements) {
    int deepest = 0;
    for (Value element : elements) {
      deepest = Math.max(deepest, element.depth());
    }
    if (deepest >= MAX_DEPTH) {
      throw TemplateException.limit("values are nested more than " + MAX_DEPTH + " deep");
    }
    return deepest + 1;
  }
}
