package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.LinkData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A slice that is recorded. */
final class RealSlice extends ThreadSpan<TraceSlice> implements TraceSlice {
  /** What an anonymous slice is called that nobody named. */
  private static final String NAMELESS = "anonymous";

  private final RealLane lane;
  private final @Nullable RealSlice parent;
  private final byte level; // its number
  private @Nullable String name;
  private SpanKind kind = SpanKind.INTERNAL;
  private @Nullable SpanContext previous;
  private long previousId;
  private @Nullable Chain<SpanContext> links;
  private int droppedLinks;

  /**
   * @param parent the slice that this one is nested in, or null
   * @param name null if it will be named later
   */
  RealSlice(
      RealLane lane, @Nullable RealSlice parent, @Nullable String name, byte level, long start) {
    super(lane.nextSpanId(), start, Attributes.empty());
    this.lane = lane;
    this.parent = parent;
    this.name = name;
    this.level = level;
  }

  /** Links to another span of this trace. */
  void previous(long spanId) {
    previousId = spanId;
  }

  /** Links to a span that came in by a carrier. */
  void previous(SpanContext span) {
    previous = span;
  }

  @Nullable RealSlice parent() {
    return parent;
  }

  @Override
  TraceSlice self() {
    return this;
  }

  @Override
  RealLane lane() {
    return lane;
  }

  /** Returns whether nobody has named it yet. */
  boolean isNameless() {
    return name == null;
  }

  @Override
  RealReqContext request() {
    return lane.request();
  }

  @Override
  String describe() {
    return "slice " + Culprit.quoted(getName()) + " of " + request().name();
  }

  @Override
  SpanContext rootContext() {
    return lane.rootContext();
  }

  @Override
  public TraceSlice name(CharSequence newName) {
    if (writable() && name == null && newName != null) {
      name = newName.toString();
    }
    return this;
  }

  @Override
  public TraceSlice kind(@Nullable SpanKind newKind) {
    if (newKind != null && writable()) {
      kind = newKind;
    }
    return this;
  }

  @Override
  public SpanKind getKind() {
    return kind;
  }

  @Override
  public TraceSlice link(@Nullable TraceCarrier carrier) {
    if (!writable() || !request().usable(carrier)) {
      return this;
    }
    if (getTotalRecordedLinks() < limits().getMaxNumberOfLinks()) {
      links = Chain.append(links, carrier.linkTarget());
    } else {
      droppedLinks++;
    }
    return this;
  }

  @Override
  public TraceSlice replaceLink(@Nullable TraceCarrier carrier) {
    if (writable() && request().usable(carrier)) {
      previousId = 0;
      previous = carrier.linkTarget();
    }
    return this;
  }

  @Override
  public void end() {
    if (writable()) {
      lane.end(this, now());
    }
  }

  @Override
  public void end(long ts) {
    if (writable()) {
      lane.end(this, request().time(ts));
    }
  }

  @Override
  public TraceSlice next(CharSequence nextName) {
    if (!writable()) {
      return NoopSlice.NOWHERE;
    }
    long now = now();
    lane.end(this, now);
    return lane.push(TraceSpanName.of(nextName), level, now);
  }

  @Override
  public String getName() {
    return name == null ? NAMELESS : name;
  }

  @Override
  public SpanContext getParentSpanContext() {
    return (parent == null ? lane : parent).getSpanContext();
  }

  @Override
  public List<LinkData> getLinks() {
    SpanContext first = previousId == 0 ? previous : lane.contextOf(previousId);
    if (links == null) {
      return first == null ? List.of() : List.of(LinkData.create(first));
    }
    Chain<SpanContext> seen = links;
    List<LinkData> all = new ArrayList<>();
    if (first != null) {
      all.add(LinkData.create(first));
    }
    Chain.list(seen).forEach(span -> all.add(LinkData.create(span)));
    return all;
  }

  @Override
  public int getTotalRecordedLinks() {
    boolean first = previousId != 0 || previous != null;
    return (first ? 1 : 0) + Chain.count(links) + droppedLinks;
  }
}
