package dev.serving.cli.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import io.opentelemetry.api.common.Attributes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decision waits for the root, which comes last; then a trace is kept whole or not at all. */
@Proves({"otelcol", "jaeger"})
final class TailSamplingTest {
  private static final long SLOW = TimeUnit.SECONDS.toNanos(12);
  private static final int EACH = 20;
  private static final int FAST = 200;

  @TempDir private Path directory;

  @Test
  void slowAndFailedRequestsAreKeptWholeAndFewOfTheOthers() {
    Map<String, String> soon = Map.of("DECISION_WAIT_AFTER_ROOT", "2s");
    try (Stack stack = new Stack(directory, "tail-sampling", soon)) {
      Tracing tracing =
          Tracing.start(
              TracingConfig.fromEnvironment(
                  Map.of(
                      "TRACES_ENABLE",
                      "true",
                      "OTEL_EXPORTER_OTLP_ENDPOINT",
                      stack.endpoint(true, false))));
      tracing.threadInfo("sender", null, 0);
      // Their lanes come first, and their roots only when the wait after a root has passed twice.
      List<TraceReqContext> slow = open(tracing, EACH, SLOW);
      List<TraceReqContext> failed = open(tracing, EACH, 0);
      List<TraceReqContext> fast = open(tracing, FAST, 0);
      tracing.flush(Duration.ofSeconds(30));
      List<String> last = finish(open(tracing, 20, SLOW), 200);
      awaitWhole(stack, last); // a decision was taken; none of those without a root was in it
      List<String> kept = new ArrayList<>(finish(slow, 200));
      kept.addAll(finish(failed, 503));
      List<String> others = finish(fast, 200);
      tracing.flush(Duration.ofSeconds(30));
      tracing.close();

      awaitWhole(stack, kept);
      // Decided in the order of their roots: one that came after all others is decided last.
      assertThat(others).allMatch(id -> List.of(0, 3).contains(stack.inJaeger(id).size()));
      long chosen = others.stream().filter(id -> !stack.inJaeger(id).isEmpty()).count();
      assertThat(chosen).isLessThan(FAST / 5);
      ProofTable.figures(
          "%d slow or failed kept, %d of %d others".formatted(kept.size(), chosen, FAST));
    }
  }

  private static List<TraceReqContext> open(Tracing tracing, int count, long agoNanos) {
    List<TraceReqContext> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long start = tracing.now() - agoNanos;
      TraceReqContext request =
          tracing.startRequest(TraceReqStart.of("r").withRole("Test").withTs(start));
      try (TraceThreadContext lane = request.lane(0)) {
        lane.slice("WORK").end();
      }
      requests.add(request);
    }
    return requests;
  }

  private static List<String> finish(List<TraceReqContext> requests, long status) {
    return requests.stream()
        .map(
            request -> {
              String id = request.info().orElseThrow().traceId();
              request.finish(
                  0, Attributes.builder().put("http.response.status_code", status).build());
              return id;
            })
        .toList();
  }

  private static void awaitWhole(Stack stack, List<String> traces) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(traces).allMatch(id -> stack.inJaeger(id).size() == 3));
  }
}
