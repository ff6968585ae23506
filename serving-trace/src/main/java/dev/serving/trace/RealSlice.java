package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.LinkData;
import java.util.ArrayList;
import java.util.List;

/** A slice that is recorded. */
final class RealSlice extends SpanRecord implements TraceSlice {
  static final AttributeKey<String> MISMATCHED_END = AttributeKey.stringKey("mismatched_end");

  /** What an anonymous slice is called that nobody named. */
  private static final String NAMELESS = "anonymous";

  private final RealLane lane;
  private final RealSlice parent;
  private final int level;
  private String name;
  private SpanContext previous;
  private long previousId;
  private Chain<SpanContext> links;
  private int droppedLinks;

  /**
   * @param parent the slice that this one is nested in, or null
   * @param name null if it will be named later
   */
  RealSlice(RealLane lane, RealSlice parent, String name, int level, long start) {
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

  RealSlice parent() {
    return parent;
  }

  RealLane lane() {
    return lane;
  }

  @Override
  RealTracing tracing() {
    return lane.tracing();
  }

  @Override
  SpanContext rootContext() {
    return lane.rootContext();
  }

  @Override
  public boolean recording() {
    return isOpen();
  }

  private boolean writable() {
    return lane.isMine() && isOpen();
  }

  @Override
  public TraceSlice name(String newName) {
    if (writable() && name == null) {
      name = newName;
    }
    return this;
  }

  @Override
  public <T> TraceSlice set(AttributeKey<T> key, T value) {
    if (writable()) {
      put(key, value);
    }
    return this;
  }

  @Override
  public TraceSlice set(Attributes attributes) {
    if (writable()) {
      putAll(attributes);
    }
    return this;
  }

  @Override
  public TraceSlice event(String event, long ts, Attributes attributes) {
    if (writable()) {
      add(event, tracing().time(ts), attributes);
    }
    return this;
  }

  @Override
  public TraceSlice link(TraceCarrier carrier) {
    if (!writable() || !tracing().usable(carrier)) {
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
  public TraceSlice replaceLink(TraceCarrier carrier) {
    if (writable() && tracing().usable(carrier)) {
      previousId = 0;
      previous = carrier.linkTarget();
    }
    return this;
  }

  @Override
  public void error(Throwable error) {
    if (error != null && writable()) {
      fail(ExceptionAttributes.message(error));
      put(ExceptionAttributes.ERROR_TYPE, ExceptionAttributes.type(error));
      add(ExceptionAttributes.EVENT, tracing().now(), ExceptionAttributes.of(error, limits()));
    }
  }

  @Override
  public void error(String type, String message) {
    if (writable()) {
      fail(message);
      put(ExceptionAttributes.ERROR_TYPE, type);
    }
  }

  /** Takes the name it is ended under, if it has none; else keeps its own, and says so. */
  void endedAs(String endName) {
    if (name == null) {
      name = endName;
    } else if (!name.equals(endName)) {
      tracing().fault(TraceFault.MISMATCHED_END, name + " was ended as " + endName);
      put(MISMATCHED_END, name + " ended as " + endName);
      fail("");
    }
  }

  @Override
  public void end() {
    if (writable()) {
      lane.end(this, tracing().now());
    }
  }

  @Override
  public void end(long ts) {
    if (writable()) {
      lane.end(this, tracing().time(ts));
    }
  }

  @Override
  public TraceSlice next(String nextName) {
    if (!writable()) {
      return NoopSlice.INSTANCE;
    }
    long now = tracing().now();
    lane.end(this, now);
    return lane.slice(nextName, level, now);
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
