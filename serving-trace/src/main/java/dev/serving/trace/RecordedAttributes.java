package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The attributes of a span while it is recorded, and after: what the exporter reads is this very
 * object. One thread writes. Another may {@link #copy} at the same time; it sees whole pairs only,
 * because a slot counts as free until both its key and its value are there.
 */
final class RecordedAttributes implements Attributes {
  private static final int FIRST_SLOTS = 8;

  private Object[] slots;
  private int dropped;

  private RecordedAttributes(Object[] slots) {
    this.slots = slots;
  }

  static RecordedAttributes of(Attributes first) {
    RecordedAttributes made =
        new RecordedAttributes(new Object[Math.max(FIRST_SLOTS, 2 * first.size() + 4)]);
    int[] at = {0};
    first.forEach(
        (key, value) -> {
          made.slots[at[0]++] = key;
          made.slots[at[0]++] = value;
        });
    return made;
  }

  /** Returns the attributes themselves, or what is left of them within the limits. */
  static Attributes within(Attributes given, int most, int longest) {
    boolean[] fits = {given.size() <= most};
    given.forEach((key, value) -> fits[0] &= cut(value, longest) == value || value instanceof List);
    if (fits[0]) {
      return given;
    }
    RecordedAttributes kept = of(Attributes.empty());
    given.forEach((key, value) -> kept.put(key, value, most, longest));
    return kept;
  }

  /** Sets one attribute; a null value is ignored, one beyond the limits is counted. */
  void put(AttributeKey<?> key, Object value, SpanLimits limits) {
    put(key, value, limits.getMaxNumberOfAttributes(), limits.getMaxAttributeValueLength());
  }

  private void put(AttributeKey<?> key, Object value, int most, int longest) {
    if (key == null || value == null || key.getKey().isEmpty()) {
      return;
    }
    int at = find(key);
    if (at >= 2 * most) {
      dropped++;
      return;
    }
    if (at == slots.length) {
      slots = Arrays.copyOf(slots, 2 * at);
    }
    slots[at + 1] = cut(value, longest);
    slots[at] = key;
  }

  /** The slot of this key, else the first free one, else the end. */
  private int find(AttributeKey<?> key) {
    int at = 0;
    while (at < slots.length && slots[at] != null && slots[at] != key && !named(at, key.getKey())) {
      at += 2;
    }
    return at;
  }

  private boolean named(int at, String name) {
    return ((AttributeKey<?>) slots[at]).getKey().equals(name);
  }

  private static Object cut(Object value, int limit) {
    if (value instanceof String text) {
      return text.length() > limit ? text.substring(0, limit) : text;
    }
    if (value instanceof Long) { // before the next question, which is dear where the answer is no
      return value;
    }
    if (value instanceof List<?> list) {
      // The caller may change its list later; the exporter must not see that.
      return list.stream().map(element -> cut(element, limit)).toList();
    }
    return value;
  }

  /** Returns a copy that nobody else writes to. */
  RecordedAttributes copy() {
    Object[] seen = slots.clone();
    RecordedAttributes copy = new RecordedAttributes(new Object[seen.length + 2]);
    int to = 0;
    for (int at = 0; at < seen.length; at += 2) {
      if (seen[at] != null && seen[at + 1] != null) {
        copy.slots[to++] = seen[at];
        copy.slots[to++] = seen[at + 1];
      }
    }
    copy.dropped = dropped;
    return copy;
  }

  /** Returns how many were set, also those that the limit dropped. */
  int total() {
    return size() + dropped;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> T get(AttributeKey<T> key) {
    for (int at = 0; at < slots.length && slots[at] != null; at += 2) {
      if (slots[at].equals(key)) {
        return (T) slots[at + 1];
      }
    }
    return null;
  }

  @Override
  public void forEach(BiConsumer<? super AttributeKey<?>, ? super Object> consumer) {
    for (int at = 0; at < slots.length && slots[at] != null; at += 2) {
      consumer.accept((AttributeKey<?>) slots[at], slots[at + 1]);
    }
  }

  @Override
  public int size() {
    int at = 0;
    while (at < slots.length && slots[at] != null) {
      at += 2;
    }
    return at / 2;
  }

  @Override
  public boolean isEmpty() {
    return slots[0] == null;
  }

  @Override
  public Map<AttributeKey<?>, Object> asMap() {
    Map<AttributeKey<?>, Object> map = new LinkedHashMap<>();
    forEach(map::put);
    return map;
  }

  @Override
  public AttributesBuilder toBuilder() {
    return Attributes.builder().putAll(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes that && asMap().equals(that.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
