package dev.serving.cli.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.TracingMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Collector and Jaeger are killed under load and come back; what was lost is known. */
@Proves({"otelcol", "jaeger"})
final class OutagesTest {
  private static final int STEP = 400;

  @TempDir private Path directory;

  /** What the Collector has answered for lies in its queue on disk, or is in Jaeger. */
  @Test
  void theCollectorIsKilledAndJaegerStillGetsEverySpan() {
    try (Stack stack = new Stack(directory, "collector", Map.of())) {
      Sender sender = new Sender(stack.endpoint(false, false));
      more(sender);
      stack.collector().kill();
      more(sender);
      stack.collector().start();
      stack.awaitReady();
      more(sender);
      sender.close();

      TracingMetrics metrics = sender.tracing().metrics();
      List<String> traces = sender.traces();
      assertThat(metrics.made()).isEqualTo((long) traces.size() * Sender.SPANS);
      assertThat(metrics.delivered()).as("delivered").isEqualTo(metrics.made());
      awaitInJaeger(stack, traces);
      Set<String> inFile = stack.file().stream().map(SentSpan::id).collect(Collectors.toSet());
      ProofTable.figures(
          "%d made, %d delivered, %d retries; lost in Jaeger 0, in the file (its buffer) %d"
              .formatted(
                  metrics.made(),
                  metrics.delivered(),
                  metrics.retries(),
                  metrics.made() - inFile.size()));
    }
  }

  /** Jaeger keeps its spans in memory: those that it had are gone with it, later ones are not. */
  @Test
  void jaegerIsKilledAndTheCollectorKeepsWhatComesMeanwhile() {
    try (Stack stack = new Stack(directory, "collector", Map.of())) {
      Sender sender = new Sender(stack.endpoint(false, false));
      more(sender);
      awaitInJaeger(stack, sender.traces().subList(0, STEP / 2));
      stack.jaeger().kill();
      List<String> before = sender.traces();
      more(sender);
      stack.jaeger().start();
      stack.awaitReady();
      more(sender);
      sender.close();

      TracingMetrics metrics = sender.tracing().metrics();
      assertThat(metrics.delivered()).as("delivered").isEqualTo(metrics.made());
      List<String> traces = sender.traces();
      List<String> later = traces.subList(before.size(), traces.size());
      awaitInJaeger(stack, later);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(stack.file().stream().map(SentSpan::id).distinct().count())
                      .isEqualTo(metrics.made()));
      long kept = before.stream().filter(id -> stack.inJaeger(id).size() == Sender.SPANS).count();
      ProofTable.figures(
          "%d made, %d delivered; %d of the %d requests before it are gone with its memory"
              .formatted(metrics.made(), metrics.delivered(), before.size() - kept, before.size()));
    }
  }

  private static void more(Sender sender) {
    int from = sender.traces().size();
    await().atMost(Duration.ofSeconds(60)).until(() -> sender.traces().size() >= from + STEP);
  }

  private static void awaitInJaeger(Stack stack, List<String> traces) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () ->
                assertThat(traces)
                    .filteredOn(id -> ids(stack, id) != Sender.SPANS)
                    .as("traces that are not whole in Jaeger")
                    .isEmpty());
  }

  /** A batch whose answer was lost with the Collector is sent twice: ids count, not copies. */
  private static long ids(Stack stack, String trace) {
    return stack.inJaeger(trace).stream().map(SentSpan::id).distinct().count();
  }
}
