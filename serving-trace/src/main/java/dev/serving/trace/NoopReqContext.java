package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import java.util.Optional;

/**
 * A request that is not recorded: tracing is off, or the sampler, the level or the module filter
 * left it out. Its carrier still hands on ids and flags, so that others decide as it was decided.
 */
record NoopReqContext(String rid, Context context, NoopLane lane) implements TraceReqContext {
  static final NoopReqContext OFF = new NoopReqContext("", Context.root(), NoopLane.OFF);

  static NoopReqContext of(String rid, Context context, TraceCarrier carrier) {
    return new NoopReqContext(
        rid, context, carrier.isNone() ? NoopLane.OFF : new NoopLane(carrier));
  }

  @Override
  public Optional<TraceInfo> info() {
    return lane.carrier().info();
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
  public TraceReqContext child(String childRid) {
    return this;
  }

  @Override
  public TraceReqContext attributes(Attributes attributes) {
    return this;
  }

  @Override
  public TraceReqContext event(String name, long ts, Attributes attributes) {
    return this;
  }

  @Override
  public TraceReqContext link(TraceCarrier carrier) {
    return this;
  }

  @Override
  public TraceReqContext error(String type, String message) {
    return this;
  }

  @Override
  public TraceCarrier carrier() {
    return lane.carrier();
  }

  @Override
  public void finish(long ts, Attributes attributes) {}

  @Override
  public void abort(long ts, String reason) {}
}
