package dev.serving.trace.export;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;

/** Writes attributes as OTLP's {@code KeyValue} and {@code AnyValue}. Not for several threads. */
final class ValueEncoder implements BiConsumer<AttributeKey<?>, Object> {
  /** A value that a stranger nests deeper is cut off there. */
  private static final int MAX_DEPTH = 16;

  private final ProtoWriter out;
  private int field;

  ValueEncoder(ProtoWriter out) {
    this.out = out;
  }

  /** Writes every attribute as one {@code KeyValue} of this field. */
  void attributes(int toField, Attributes attributes) {
    field = toField;
    attributes.forEach(this);
  }

  @Override
  public void accept(AttributeKey<?> key, Object value) {
    pair(field, key.getKey(), value, 0);
  }

  private void pair(int toField, String key, Object value, int depth) {
    int mark = out.length();
    any(2, value, depth);
    out.string(1, key);
    out.message(toField, mark);
  }

  private void any(int toField, Object value, int depth) {
    int mark = out.length();
    content(value instanceof Value<?> wrapped ? wrapped.getValue() : value, depth);
    out.message(toField, mark);
  }

  private void content(Object value, int depth) {
    if (value instanceof String text) {
      out.string(1, text);
    } else if (value instanceof Long number) {
      out.number(3, number);
    } else if (value instanceof Boolean flag) {
      out.number(2, flag ? 1 : 0);
    } else if (value instanceof Double number) {
      out.fixed64(4, Double.doubleToRawLongBits(number));
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      out.bytes(7, bytes);
    } else if (value instanceof List<?> list && depth < MAX_DEPTH) {
      list(list, depth);
    }
  }

  private void list(List<?> list, int depth) {
    int mark = out.length();
    boolean pairs = !list.isEmpty() && list.get(0) instanceof KeyValue;
    for (int i = list.size() - 1; i >= 0; i--) {
      if (list.get(i) instanceof KeyValue pair) {
        pair(1, pair.getKey(), pair.getValue(), depth + 1);
      } else {
        any(1, list.get(i), depth + 1);
      }
    }
    out.message(pairs ? 6 : 5, mark);
  }
}
