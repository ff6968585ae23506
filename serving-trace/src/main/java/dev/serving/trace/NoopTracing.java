package dev.serving.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Tracing that is off. */
final class NoopTracing extends Tracing {
  static final NoopTracing INSTANCE = new NoopTracing();

  private final TracingMetrics metrics = new TracingMetrics();

  private NoopTracing() {}

  @Override
  public boolean enabled() {
    return false;
  }

  @Override
  public long now() {
    return 0;
  }

  @Override
  public void threadInfo(String label, Integer tpRank, Integer dpRank, String laneName) {}

  @Override
  public TraceReqContext startRequest(TraceReqStart start) {
    return NoopReqContext.OFF;
  }

  @Override
  public TraceReqContext startRequest(String rid, Context parent, long ts, String role) {
    return NoopReqContext.OFF;
  }

  @Override
  public TraceReqContext joinRequest(String rid, TraceCarrier carrier, long ts, String module) {
    return NoopReqContext.OFF;
  }

  @Override
  public <C> Context extract(C headers, TextMapGetter<C> getter) {
    return Context.root();
  }

  @Override
  public int level() {
    return 0;
  }

  @Override
  public void level(int level) {}

  @Override
  public Set<String> modules() {
    return Set.of();
  }

  @Override
  public void modules(Set<String> modules) {}

  @Override
  public double sampleRatio() {
    return 0;
  }

  @Override
  public void sampleRatio(double ratio) {}

  @Override
  public GenAiAttributes genAi() {
    return GenAiAttributes.off();
  }

  @Override
  public TracingMetrics metrics() {
    return metrics;
  }

  @Override
  public boolean flush(Duration timeout) {
    return true;
  }

  @Override
  public int recover(Path journal, String reason) {
    return 0;
  }

  @Override
  public void close() {}
}
