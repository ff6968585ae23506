package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;

/**
 * A span of a process that was killed before it could be delivered: as it began, and cut short. One
 * that had not ended ends at the last sign of life of its process, which nothing in it outlasts.
 */
record RecoveredSpan(JournalEntry entry, long end, Attributes attributes, Resource resource)
    implements SpanData {

  static RecoveredSpan of(JournalEntry entry, long lastAlive, Resource resource, String reason) {
    long end = entry.end() == 0 ? lastAlive : entry.end();
    Attributes attributes =
        entry.attributes().toBuilder()
            .put(SpanRecord.TRUNCATED, true)
            .put(SpanRecord.ABORT_REASON, reason)
            .build();
    return new RecoveredSpan(entry, Math.max(end, entry.start()), attributes, resource);
  }

  @Override
  public String getName() {
    return entry.name();
  }

  @Override
  public SpanKind getKind() {
    return SpanKind.INTERNAL;
  }

  @Override
  public SpanContext getSpanContext() {
    return entry.span();
  }

  @Override
  public SpanContext getParentSpanContext() {
    return entry.parent();
  }

  @Override
  public StatusData getStatus() {
    return StatusData.create(StatusCode.ERROR, attributes.get(SpanRecord.ABORT_REASON));
  }

  @Override
  public long getStartEpochNanos() {
    return entry.start();
  }

  @Override
  public long getEndEpochNanos() {
    return end;
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }

  @Override
  public List<EventData> getEvents() {
    return List.of();
  }

  @Override
  public int getTotalRecordedEvents() {
    return 0;
  }

  @Override
  public List<LinkData> getLinks() {
    return entry.links();
  }

  @Override
  public int getTotalRecordedLinks() {
    return entry.links().size();
  }

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return RealTracing.SCOPE;
  }

  @Override
  @SuppressWarnings("deprecation")
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return RealTracing.LIBRARY;
  }
}
