package dev.serving.trace;

import dev.serving.trace.export.NotedSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;

/**
 * A span as it was when another thread than its own ended it: a copy, because its own thread may
 * still be writing to the original.
 */
final class CutSpan extends DelegatingSpanData implements NotedSpan {
  private final SpanRecord original;
  private final String name;
  private final long start;
  private final long end;
  private final RecordedAttributes attributes;
  private final List<EventData> events;
  private final int totalEvents;
  private final List<LinkData> links;
  private final int totalLinks;
  private StatusData status;

  private CutSpan(SpanRecord span, long end) {
    super(span);
    this.original = span;
    this.name = span.getName();
    this.start = Math.min(span.getStartEpochNanos(), end);
    this.end = end;
    this.attributes = copy(span.getAttributes());
    this.totalEvents = span.getTotalRecordedEvents();
    this.events = span.getEvents();
    this.totalLinks = span.getTotalRecordedLinks();
    this.links = span.getLinks();
    this.status = span.getStatus();
  }

  /** Returns the span, ended though its work was done. */
  static CutSpan whole(SpanRecord span, long end) {
    return new CutSpan(span, end);
  }

  /** Returns the span, marked as cut short; null if the reason is told elsewhere. */
  static CutSpan of(SpanRecord span, long end, String abortReason) {
    CutSpan cut = new CutSpan(span, end);
    cut.attributes.put(SpanRecord.TRUNCATED, true, span.limits());
    if (cut.status.getStatusCode() != StatusCode.ERROR) {
      String why = abortReason == null ? SpanRecord.CUT_SHORT : abortReason;
      cut.status = StatusData.create(StatusCode.ERROR, why);
    }
    cut.attributes.put(SpanRecord.ABORT_REASON, abortReason, span.limits());
    return cut;
  }

  private static RecordedAttributes copy(Attributes attributes) {
    return attributes instanceof RecordedAttributes own
        ? own.copy()
        : RecordedAttributes.of(attributes);
  }

  @Override
  public void settled() {
    original.settled();
  }

  @Override
  public StatusData getStatus() {
    return status;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public long getStartEpochNanos() {
    return start;
  }

  @Override
  public long getEndEpochNanos() {
    return end;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.total();
  }

  @Override
  public List<EventData> getEvents() {
    return events;
  }

  @Override
  public int getTotalRecordedEvents() {
    return Math.max(totalEvents, events.size());
  }

  @Override
  public List<LinkData> getLinks() {
    return links;
  }

  @Override
  public int getTotalRecordedLinks() {
    return Math.max(totalLinks, links.size());
  }
}
