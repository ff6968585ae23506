package dev.serving.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SamplingParams;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** This shows what a rank's lane is of whose step another rank's death ends. */
class RankTraceTest {
  private static final long WAITED_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final TracingConfig EVERYTHING =
      TracingConfig.builder().enabled(true).level(3).build();

  /** Its client may have been told before this rank has a core again to notice. */
  @Test
  void aLaneDoesNotOutliveTheWorkForARankThatIsGone() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (Tracing tracing = Tracing.start(EVERYTHING, exporter)) {
      TraceReqContext request = tracing.startRequest(TraceReqStart.of("rid"));
      RankTrace rank = new RankTrace(tracing, 0, 0);
      rank.started();
      rank.stepStarted(new Step(1, List.of(prompt(request))));
      long arrived = tracing.now();
      await().until(() -> tracing.now() - arrived > WAITED_NS);

      long before = tracing.now();
      rank.stepLost(WAITED_NS);
      long after = tracing.now();
      rank.released(new Release("rid", Release.Cause.ABORTED, "another rank failed"));
      assertThat(tracing.flush(Duration.ofSeconds(10))).isTrue();

      assertThat(exporter.getFinishedSpanItems())
          .extracting(SpanData::getName)
          .contains("worker", "PREFILL", "chunk");
      assertThat(exporter.getFinishedSpanItems())
          .allSatisfy(
              span ->
                  assertThat(span.getEndEpochNanos())
                      .isBetween(before - WAITED_NS, after - WAITED_NS));
    }
  }

  private static Chunk prompt(TraceReqContext request) {
    int[] tokens = {1, 2, 3};
    Admission admission =
        new Admission(SamplingParams.greedy(4), tokens, tokens.length, 0, request.carrier());
    return new Chunk("rid", Phase.PREFILL, 0, tokens, new int[1], true, admission);
  }
}
