package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.LinkData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One span in a journal, as it was when it began: ids, times, the first link, name, and what of its
 * attributes is text or a whole number and fits. Of the process: what tells it from others.
 *
 * @param end 0 if it has not ended
 */
record JournalEntry(
    SpanContext span,
    SpanContext parent,
    List<LinkData> links,
    long start,
    long end,
    String name,
    Attributes attributes) {
  static final int START = 64;
  static final int END = 72;

  private static final int IDS = 8;
  private static final int FLAGS = 80;
  private static final int NAME = 88;
  private static final int MOST_TEXT = 96;
  private static final byte NO_MORE = 0;
  private static final byte TEXT = 1;
  private static final byte NUMBER = 2;
  private static final List<String> OF_PROCESS = List.of("process.pid", "service.instance.id");

  static void write(ByteBuffer entry, SpanRecord span) {
    entry.order(ByteOrder.nativeOrder()).position(IDS);
    SpanContext root = span.rootContext();
    List<LinkData> links = span.getLinks();
    ids(entry, root.getTraceId()).putLong(span.spanId());
    entry.putLong(TraceIds.number(span.getParentSpanContext().getSpanId()));
    SpanContext link = links.isEmpty() ? SpanContext.getInvalid() : links.get(0).getSpanContext();
    ids(entry, link.getTraceId()).putLong(TraceIds.number(link.getSpanId()));
    entry.putLong(span.getStartEpochNanos()).putLong(0);
    entry.putLong(root.getTraceFlags().asByte());
    text(entry, span.getName());
    attributes(entry, span.getAttributes());
  }

  static void writeProcess(ByteBuffer entry, Resource resource) {
    entry.order(ByteOrder.nativeOrder());
    AttributesBuilder own = Attributes.builder().putAll(resource.getAttributes());
    attributes(entry, own.removeIf(key -> !OF_PROCESS.contains(key.getKey())).build());
  }

  static Attributes readProcess(ByteBuffer entry) {
    return attributes(entry.order(ByteOrder.nativeOrder()));
  }

  static JournalEntry read(ByteBuffer entry) {
    entry.order(ByteOrder.nativeOrder()).position(NAME);
    TraceFlags flags = TraceFlags.fromByte((byte) entry.getLong(FLAGS));
    SpanContext link = context(entry, IDS + 32, IDS + 48, flags);
    return new JournalEntry(
        context(entry, IDS, IDS + 16, flags),
        context(entry, IDS, IDS + 24, flags),
        link.isValid() ? List.of(LinkData.create(link)) : List.of(),
        entry.getLong(START),
        entry.getLong(END),
        text(entry),
        attributes(entry));
  }

  private static SpanContext context(ByteBuffer entry, int trace, int span, TraceFlags flags) {
    return SpanContext.create(
        TraceId.fromLongs(entry.getLong(trace), entry.getLong(trace + 8)),
        SpanId.fromLong(entry.getLong(span)),
        flags,
        TraceState.getDefault());
  }

  private static ByteBuffer ids(ByteBuffer entry, String traceId) {
    return entry
        .putLong(Long.parseUnsignedLong(traceId, 0, 16, 16))
        .putLong(Long.parseUnsignedLong(traceId, 16, 32, 16));
  }

  private static void text(ByteBuffer entry, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MOST_TEXT);
    entry.put((byte) length).put(bytes, 0, length);
  }

  private static String text(ByteBuffer entry) {
    byte[] bytes = new byte[entry.get()];
    entry.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void attributes(ByteBuffer entry, Attributes attributes) {
    attributes.forEach(
        (key, value) -> {
          boolean kept = value instanceof String || value instanceof Long;
          if (kept && entry.remaining() > 2 * (MOST_TEXT + 2)) {
            text(entry.put(value instanceof Long ? NUMBER : TEXT), key.getKey());
            text(entry, value.toString());
          }
        });
    entry.put(NO_MORE);
  }

  private static Attributes attributes(ByteBuffer entry) {
    AttributesBuilder attributes = Attributes.builder();
    for (byte type = entry.get(); type != NO_MORE; type = entry.get()) {
      String key = text(entry);
      String value = text(entry);
      if (type == NUMBER) {
        attributes.put(key, Long.parseLong(value));
      } else {
        attributes.put(key, value);
      }
    }
    return attributes.build();
  }
}
