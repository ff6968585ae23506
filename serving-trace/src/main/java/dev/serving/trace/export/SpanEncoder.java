package dev.serving.trace.export;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;

/**
 * Writes spans as an OTLP {@code ExportTraceServiceRequest}, back to front. Neighbours of the same
 * resource and scope share their envelope. Not for several threads.
 */
final class SpanEncoder {
  private static final int HAS_IS_REMOTE = 0x100;
  private static final int IS_REMOTE = 0x200;

  /** More than the heads of an envelope's messages take. */
  private static final int HEADS = 32;

  private final int maxBytes;
  private final ProtoWriter out = new ProtoWriter(64 << 10);
  private final ValueEncoder values = new ValueEncoder(out);
  private Resource resource;
  private byte[] resourceBytes;
  private InstrumentationScopeInfo scope;
  private byte[] scopeBytes;

  SpanEncoder(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  ProtoWriter out() {
    return out;
  }

  /** Writes the last spans before {@code end}, as many as fit; returns the index of the first. */
  int encode(SpanData[] spans, int end) {
    out.clear();
    int start = end;
    while (start > 0) {
      int next = group(spans, start);
      if (next == start) {
        break;
      }
      start = next;
      if (start > 0 && sameEnvelope(spans[start - 1])) {
        break;
      }
    }
    return start;
  }

  /** Writes neighbours that share an envelope; stops early, with the envelope, when it is full. */
  private int group(SpanData[] spans, int end) {
    int mark = out.length();
    int start = end;
    envelope(spans[end - 1]);
    int limit = maxBytes - resourceBytes.length - scopeBytes.length - HEADS;
    while (start > 0 && sameEnvelope(spans[start - 1])) {
      int before = out.length();
      span(spans[start - 1]);
      if (out.length() > limit) {
        out.rewind(before);
        break;
      }
      start--;
    }
    if (start < end) {
      closeGroup(mark);
    }
    return start;
  }

  private boolean sameEnvelope(SpanData span) {
    return span.getResource() == resource && span.getInstrumentationScopeInfo() == scope;
  }

  private void envelope(SpanData span) {
    if (span.getResource() != resource || resourceBytes == null) {
      resource = span.getResource();
      resourceBytes = encoded(resource);
    }
    if (span.getInstrumentationScopeInfo() != scope || scopeBytes == null) {
      scope = span.getInstrumentationScopeInfo();
      scopeBytes = encoded(scope);
    }
  }

  private void closeGroup(int mark) {
    out.raw(scopeBytes);
    out.message(2, mark);
    out.raw(resourceBytes);
    out.message(1, mark);
  }

  private static byte[] encoded(Resource resource) {
    ProtoWriter out = new ProtoWriter(512);
    text(out, 3, resource.getSchemaUrl());
    int mark = out.length();
    new ValueEncoder(out).attributes(1, resource.getAttributes());
    out.message(1, mark);
    return out.copy();
  }

  private static byte[] encoded(InstrumentationScopeInfo scope) {
    ProtoWriter out = new ProtoWriter(128);
    text(out, 3, scope.getSchemaUrl());
    int mark = out.length();
    new ValueEncoder(out).attributes(3, scope.getAttributes());
    text(out, 2, scope.getVersion());
    text(out, 1, scope.getName());
    out.message(1, mark);
    return out.copy();
  }

  private void span(SpanData span) {
    int mark = out.length();
    SpanContext parent = span.getParentSpanContext();
    out.fixed32(16, flags(span.getSpanContext(), parent.isRemote()));
    status(span);
    links(span);
    events(span);
    dropped(10, span.getTotalAttributeCount(), span.getAttributes());
    values.attributes(9, span.getAttributes());
    out.fixed64(8, span.getEndEpochNanos());
    out.fixed64(7, span.getStartEpochNanos());
    out.number(6, kind(span));
    out.string(5, span.getName());
    if (parent.isValid()) {
      out.hex(4, parent.getSpanId());
    }
    identity(span.getSpanContext());
    out.message(2, mark);
  }

  private void identity(SpanContext context) {
    state(context.getTraceState());
    out.hex(2, context.getSpanId());
    out.hex(1, context.getTraceId());
  }

  private static int flags(SpanContext context, boolean remote) {
    int own = context.getTraceFlags().asByte() & 0xff;
    return own | HAS_IS_REMOTE | (remote ? IS_REMOTE : 0);
  }

  private static int kind(SpanData span) {
    return switch (span.getKind()) {
      case INTERNAL -> 1;
      case SERVER -> 2;
      case CLIENT -> 3;
      case PRODUCER -> 4;
      case CONSUMER -> 5;
    };
  }

  private void status(SpanData span) {
    int mark = out.length();
    switch (span.getStatus().getStatusCode()) {
      case UNSET -> {
        return;
      }
      case OK -> out.number(3, 1);
      case ERROR -> out.number(3, 2);
    }
    text(out, 2, span.getStatus().getDescription());
    out.message(15, mark);
  }

  private void links(SpanData span) {
    List<LinkData> links = span.getLinks();
    dropped(14, span.getTotalRecordedLinks() - links.size());
    for (int i = links.size() - 1; i >= 0; i--) {
      LinkData link = links.get(i);
      int mark = out.length();
      out.fixed32(6, flags(link.getSpanContext(), link.getSpanContext().isRemote()));
      dropped(5, link.getTotalAttributeCount(), link.getAttributes());
      values.attributes(4, link.getAttributes());
      identity(link.getSpanContext());
      out.message(13, mark);
    }
  }

  private void events(SpanData span) {
    List<EventData> events = span.getEvents();
    dropped(12, span.getTotalRecordedEvents() - events.size());
    for (int i = events.size() - 1; i >= 0; i--) {
      EventData event = events.get(i);
      int mark = out.length();
      dropped(4, event.getTotalAttributeCount(), event.getAttributes());
      values.attributes(3, event.getAttributes());
      out.string(2, event.getName());
      out.fixed64(1, event.getEpochNanos());
      out.message(11, mark);
    }
  }

  private void state(TraceState state) {
    if (state.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> entry : state.asMap().entrySet()) {
      text.append(text.isEmpty() ? "" : ",");
      text.append(entry.getKey()).append('=').append(entry.getValue());
    }
    out.string(3, text.toString());
  }

  private void dropped(int field, int total, Attributes kept) {
    dropped(field, total - kept.size());
  }

  private void dropped(int field, int count) {
    if (count > 0) {
      out.number(field, count);
    }
  }

  private static void text(ProtoWriter out, int field, String text) {
    if (text != null && !text.isEmpty()) {
      out.string(field, text);
    }
  }
}
