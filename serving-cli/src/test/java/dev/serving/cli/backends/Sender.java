package dev.serving.cli.backends;

import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Makes spans at a steady pace on a thread of its own until it is told to stop. */
final class Sender implements AutoCloseable {
  /** Root, lane, two slices. */
  static final int SPANS = 4;

  private final List<String> traces = Collections.synchronizedList(new ArrayList<>());
  private final Tracing tracing;
  private final Thread thread = new Thread(this::run, "sender");
  private volatile boolean stopped;

  Sender(String endpoint) {
    tracing =
        Tracing.start(
            TracingConfig.fromEnvironment(
                Map.of(
                    "TRACES_ENABLE",
                    "true",
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    endpoint,
                    "OTEL_EXPORTER_OTLP_PROTOCOL",
                    "grpc")));
    thread.start();
  }

  private void run() {
    tracing.threadInfo("sender", null, 0);
    while (!stopped) {
      traces.add(request());
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private String request() {
    TraceReqContext request = tracing.startRequest(TraceReqStart.of("r").withRole("Load"));
    try (TraceThreadContext lane = request.lane(0)) {
      lane.slice("FIRST").end();
      lane.slice("SECOND").end();
    }
    request.finish(0, null);
    return request.info().orElseThrow().traceId();
  }

  /** The traces made so far. */
  List<String> traces() {
    return List.copyOf(traces);
  }

  Tracing tracing() {
    return tracing;
  }

  /** Stops, and delivers what there is. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    tracing.flush(java.time.Duration.ofSeconds(60));
    tracing.close();
  }
}
