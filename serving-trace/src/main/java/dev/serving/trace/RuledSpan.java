package dev.serving.trace;

import dev.serving.trace.config.AttributeRules;
import dev.serving.trace.export.NotedSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;

/** A finished span as it may leave the process, where rules say what becomes of its attributes. */
final class RuledSpan extends DelegatingSpanData implements NotedSpan {
  private final SpanData whole;
  private final Attributes attributes;
  private final List<EventData> events;
  private final List<LinkData> links;
  private final StatusData status;

  RuledSpan(SpanData whole, AttributeRules rules) {
    super(whole);
    this.whole = whole;
    this.attributes = rules.apply(whole.getAttributes());
    this.events = whole.getEvents().stream().map(event -> ruled(event, rules)).toList();
    this.links = whole.getLinks().stream().map(link -> ruled(link, rules)).toList();
    StatusData said = whole.getStatus();
    String message = rules.apply(ExceptionAttributes.MESSAGE.getKey(), said.getDescription());
    this.status = StatusData.create(said.getStatusCode(), message);
  }

  private static EventData ruled(EventData event, AttributeRules rules) {
    Attributes kept = rules.apply(event.getAttributes());
    int unsaid = event.getTotalAttributeCount() - event.getAttributes().size();
    return EventData.create(event.getEpochNanos(), event.getName(), kept, kept.size() + unsaid);
  }

  private static LinkData ruled(LinkData link, AttributeRules rules) {
    Attributes kept = rules.apply(link.getAttributes());
    int unsaid = link.getTotalAttributeCount() - link.getAttributes().size();
    return LinkData.create(link.getSpanContext(), kept, kept.size() + unsaid);
  }

  @Override
  public void settled() {
    if (whole instanceof NotedSpan noted) {
      noted.settled();
    }
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  /** Those that a limit dropped are still told; those that a rule did are nobody's business. */
  @Override
  public int getTotalAttributeCount() {
    return attributes.size() + whole.getTotalAttributeCount() - whole.getAttributes().size();
  }

  @Override
  public List<EventData> getEvents() {
    return events;
  }

  @Override
  public List<LinkData> getLinks() {
    return links;
  }

  @Override
  public StatusData getStatus() {
    return status;
  }
}
