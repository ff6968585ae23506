package dev.serving.trace;

import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tracing that is off: ids, carriers, contexts and headers that came in pass through. */
final class NoopTracing extends Tracing {
  static final NoopTracing INSTANCE =
      new NoopTracing(W3c.propagator(TracingConfig.builder().build().propagators()));

  private final TracingMetrics metrics = new TracingMetrics();

  NoopTracing(TextMapPropagator propagator) {
    super(propagator);
  }

  @Override
  public boolean enabled() {
    return false;
  }

  @Override
  public long now() {
    return 0;
  }

  @Override
  public long at(long nanoTime) {
    return 0;
  }

  @Override
  public void threadInfo(
      @Nullable String label,
      @Nullable Integer tpRank,
      @Nullable Integer dpRank,
      @Nullable String laneName) {}

  @Override
  public TraceReqContext startRequest(@Nullable TraceReqStart start) {
    return NoopReqContext.started(start == null ? TraceReqStart.of("") : start);
  }

  @Override
  public TraceReqContext joinRequest(
      @Nullable String rid, @Nullable TraceCarrier carrier, long ts, @Nullable String module) {
    return NoopReqContext.joined(rid, carrier);
  }

  @Override
  void unreadable(String what) {}

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
  public void modules(@Nullable Set<String> modules) {}

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
  public List<String> openRequests() {
    return List.of();
  }

  @Override
  public boolean flush(@Nullable Duration timeout) {
    return true;
  }

  @Override
  public int recover(Path journal, String reason) {
    return 0;
  }

  @Override
  public void close() {}
}
