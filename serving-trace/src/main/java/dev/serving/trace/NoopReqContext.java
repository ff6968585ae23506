package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that is not recorded: tracing is off, or the sampler, the level or the module filter
 * left it out. It keeps its id and hands on what came in, so that others decide as it was decided
 * and the caller's own trace goes on.
 */
final class NoopReqContext implements TraceReqContext {
  private final String rid;
  private final NoopLane lane;

  private NoopReqContext(String rid, NoopLane lane) {
    this.rid = rid;
    this.lane = lane;
  }

  static NoopReqContext of(String rid, @Nullable Context context, TraceCarrier carrier) {
    boolean nothing = context == null && carrier.isNone();
    return new NoopReqContext(rid, nothing ? NoopLane.OFF : new NoopLane(carrier, context));
  }

  /** Returns a request that is not recorded, with what its caller sent. */
  static NoopReqContext started(TraceReqStart start) {
    Context parent = start.parent();
    return parent == null || parent == Context.root()
        ? new NoopReqContext(start.rid(), NoopLane.OFF)
        : of(start.rid(), parent, TraceCarrier.passedOn(parent));
  }

  /** Returns a copy of a request that is not recorded here; none is nothing. */
  static NoopReqContext joined(@Nullable String rid, @Nullable TraceCarrier carrier) {
    String id = rid == null ? "" : rid;
    return carrier == null || carrier.isNone()
        ? new NoopReqContext(id, NoopLane.OFF)
        : of(id, carrier.in(Context.current()), carrier);
  }

  @Override
  public String rid() {
    return rid;
  }

  @Override
  public Optional<TraceInfo> info() {
    return lane.carrier().info();
  }

  @Override
  public Context context() {
    return lane.context();
  }

  @Override
  public boolean recording() {
    return false;
  }

  @Override
  public int level() {
    return 0;
  }

  @Override
  public TraceThreadContext lane(long ts) {
    return lane;
  }

  @Override
  public TraceThreadContext newLane(long ts) {
    return lane;
  }

  @Override
  public TraceReqContext child(@Nullable String childRid) {
    return new NoopReqContext(childRid == null ? "" : childRid, lane);
  }

  @Override
  public <T> TraceReqContext set(AttributeKey<T> key, @Nullable T value) {
    return this;
  }

  @Override
  public TraceReqContext set(@Nullable Attributes attributes) {
    return this;
  }

  @Override
  public TraceReqContext event(CharSequence name, long ts, @Nullable Attributes attributes) {
    return this;
  }

  @Override
  public TraceReqContext link(@Nullable TraceCarrier carrier, @Nullable Attributes attributes) {
    return this;
  }

  @Override
  public TraceReqContext error(@Nullable Throwable error) {
    return this;
  }

  @Override
  public TraceReqContext error(@Nullable String type, @Nullable String message) {
    return this;
  }

  @Override
  public TraceCarrier carrier() {
    return lane.carrier();
  }

  @Override
  public void finish(long ts, @Nullable Attributes attributes) {}

  @Override
  public void abort(long ts, @Nullable String reason) {}
}
