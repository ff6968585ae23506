package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * About how many bytes a span is on the wire, cheap enough for the thread that made it. The bound
 * of the queue goes by this; the bound of a request goes by the bytes themselves.
 */
final class SpanBytes implements BiConsumer<AttributeKey<?>, Object> {
  private static final int SPAN = 96;
  private static final int PART = 48;
  private static final int ATTRIBUTE = 8;
  private static final int NUMBER = 8;

  private int sum;

  private SpanBytes(int sum) {
    this.sum = sum;
  }

  static int of(SpanData span) {
    SpanBytes bytes = new SpanBytes(SPAN + span.getName().length());
    span.getAttributes().forEach(bytes);
    List<LinkData> links = span.getLinks();
    for (int i = 0; i < links.size(); i++) {
      bytes.sum += PART;
      links.get(i).getAttributes().forEach(bytes);
    }
    List<EventData> events = span.getEvents();
    for (int i = 0; i < events.size(); i++) {
      bytes.sum += PART + events.get(i).getName().length();
      events.get(i).getAttributes().forEach(bytes);
    }
    return bytes.sum;
  }

  @Override
  public void accept(AttributeKey<?> key, Object value) {
    sum += ATTRIBUTE + key.getKey().length() + size(value);
  }

  private static int size(Object value) {
    if (value instanceof String text) {
      return text.length();
    }
    if (value instanceof List<?> list) {
      int size = 0;
      for (Object element : list) {
        size += 2 + size(element);
      }
      return size;
    }
    return NUMBER;
  }
}
