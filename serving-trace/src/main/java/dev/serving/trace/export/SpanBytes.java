package dev.serving.trace.export;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * About how many bytes a span is on the wire, cheap enough for the thread that made it. The bound
 * of the queue goes by this; the bound of a request goes by the bytes themselves.
 */
final class SpanBytes implements BiConsumer<AttributeKey<?>, Object> {
  private static final int SPAN = 96;
  private static final int LINK = 48;
  private static final int EVENT = 24;
  private static final int ATTRIBUTE = 8;
  private static final int NUMBER = 8;
  private static final int MAX_DEPTH = 32;

  private int sum;

  private SpanBytes(int sum) {
    this.sum = sum;
  }

  static int of(SpanData span) {
    SpanBytes bytes = new SpanBytes(SPAN + span.getName().length());
    span.getAttributes().forEach(bytes);
    // Links are only counted, and events looked at if there are any: both may be made for this.
    bytes.sum += LINK * span.getTotalRecordedLinks();
    if (span.getTotalRecordedEvents() > 0) {
      bytes.events(span.getEvents());
    }
    return bytes.sum;
  }

  private void events(List<EventData> events) {
    for (int i = 0; i < events.size(); i++) {
      sum += EVENT + events.get(i).getName().length();
      events.get(i).getAttributes().forEach(this);
    }
  }

  @Override
  public void accept(AttributeKey<?> key, Object value) {
    sum += ATTRIBUTE + key.getKey().length() + size(value);
  }

  private static int size(Object value) {
    return value instanceof String text
        ? text.length()
        : value instanceof Long ? NUMBER : odd(value);
  }

  private static int odd(Object value) {
    return value instanceof List<?> || value instanceof Value<?> ? composite(value, 0) : NUMBER;
  }

  private static int composite(Object value, int depth) {
    Object content = value instanceof Value<?> wrapped ? wrapped.getValue() : value;
    int size = content instanceof String text ? text.length() : NUMBER;
    if (content instanceof ByteBuffer buffer) {
      size = buffer.remaining();
    } else if (content instanceof KeyValue pair) {
      size += pair.getKey().length() + composite(pair.getValue(), depth + 1);
    } else if (content instanceof List<?> list && depth < MAX_DEPTH) {
      for (Object element : list) {
        size += composite(element, depth + 1);
      }
    }
    return size;
  }
}
