package dev.serving.viewer.blame;

import dev.serving.viewer.store.StoredSpan;
import java.util.List;
import java.util.OptionalLong;

/** Numbers that a span says. What is none is not there: spans may come from anybody. */
final class Numbers {
  private Numbers() {}

  static OptionalLong one(StoredSpan span, String key) {
    return span.attributes().get(key) instanceof Long number
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  static long one(StoredSpan span, String key, long otherwise) {
    return one(span, key).orElse(otherwise);
  }

  /** Those of a list; empty where there is none, or one that has something else. */
  static <T> List<T> all(StoredSpan span, String key, Class<T> type) {
    return span.attributes().get(key) instanceof List<?> list
            && list.stream().allMatch(type::isInstance)
        ? list.stream().map(type::cast).toList()
        : List.of();
  }

  static List<Long> all(StoredSpan span, String key) {
    return all(span, key, Long.class);
  }
}
