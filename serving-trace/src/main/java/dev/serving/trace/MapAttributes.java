package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A map as attributes: texts, numbers, truth values, lists of these, and all else as text. */
final class MapAttributes {
  private MapAttributes() {}

  /** Reads a caller's map, as far as it lets itself be read; null is none. */
  static Attributes of(@Nullable Map<?, ?> map) {
    AttributesBuilder attributes = Attributes.builder();
    try {
      if (map != null) {
        map.forEach((key, value) -> put(attributes, key, value));
      }
    } catch (RuntimeException theirs) {
      return attributes.build();
    }
    return attributes.build();
  }

  private static void put(AttributesBuilder to, @Nullable Object name, @Nullable Object value) {
    if (name == null || value == null) {
      return;
    }
    String key = name.toString();
    if (value instanceof Boolean truth) {
      to.put(key, truth);
    } else if (isWhole(value)) {
      to.put(key, ((Number) value).longValue());
    } else if (value instanceof Number number) {
      to.put(key, number.doubleValue());
    } else if (value instanceof Collection<?> list) {
      putList(to, key, list.stream().filter(Objects::nonNull).toList());
    } else if (value.getClass().isArray()) {
      putList(to, key, elements(value));
    } else {
      to.put(key, value.toString());
    }
  }

  private static List<Object> elements(Object array) {
    return IntStream.range(0, Array.getLength(array))
        .mapToObj(i -> Array.get(array, i))
        .filter(Objects::nonNull)
        .toList();
  }

  private static void putList(AttributesBuilder to, String key, List<?> list) {
    if (list.stream().allMatch(Boolean.class::isInstance)) {
      to.put(AttributeKey.booleanArrayKey(key), list.stream().map(Boolean.class::cast).toList());
    } else if (list.stream().allMatch(MapAttributes::isWhole)) {
      to.put(
          AttributeKey.longArrayKey(key), list.stream().map(n -> number(n).longValue()).toList());
    } else if (list.stream().allMatch(Number.class::isInstance)) {
      to.put(
          AttributeKey.doubleArrayKey(key),
          list.stream().map(n -> number(n).doubleValue()).toList());
    } else {
      to.put(AttributeKey.stringArrayKey(key), list.stream().map(Object::toString).toList());
    }
  }

  private static Number number(Object value) {
    return (Number) value;
  }

  private static boolean isWhole(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof AtomicInteger
        || value instanceof AtomicLong
        || value instanceof LongAdder
        || (value instanceof BigInteger big && big.bitLength() < Long.SIZE);
  }
}
