package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.export.ExportPipeline;
import dev.serving.trace.export.NotedSpan;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The pipeline's bounds and its account of every span, with exporters of all sorts. */
class ExportPipelineTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final TracingMetrics metrics = new TracingMetrics();

  @Test
  void everySpanReachesAnyExporterAndIsCounted() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (ExportPipeline pipeline = TracingStart.pipeline(exporter, config(b -> b), metrics)) {
      for (int i = 0; i < 5_000; i++) {
        pipeline.accept(Spans.named("PREFILL"));
      }
      assertThat(pipeline.flush(SOON)).isTrue();
      assertThat(exporter.getFinishedSpanItems()).hasSize(5_000);
    }
    assertThat(metrics.balance().made()).isEqualTo(5_000);
    assertThat(metrics.delivered()).isEqualTo(5_000);
    assertNothingIsLeft();
  }

  @Test
  void aLoneSpanWaitsForNoOther() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (ExportPipeline pipeline = TracingStart.pipeline(exporter, config(b -> b), metrics)) {
      pipeline.accept(Spans.named("PREFILL"));
      await().atMost(SOON).until(() -> metrics.delivered() == 1);
    }
  }

  @Test
  void beyondTheBoundInSpansTheNextOnesAreDroppedAndCounted() {
    Stuck exporter = new Stuck();
    ExportPipeline pipeline =
        TracingStart.pipeline(exporter, config(b -> b.withMaxQueueSpans(1_000)), metrics);
    for (int i = 0; i < 1_500; i++) {
      pipeline.accept(Spans.named("PREFILL"));
    }
    assertThat(metrics.inFlight()).isEqualTo(1_000);
    assertThat(metrics.dropped(DropReason.QUEUE_FULL)).isEqualTo(500);
    pipeline.close();
    assertThat(metrics.dropped(DropReason.CLOSED)).isEqualTo(1_000);
    assertNothingIsLeft();
  }

  @Test
  void beyondTheBoundInBytesTheNextOnesAreDroppedAndCounted() {
    Stuck exporter = new Stuck();
    try (ExportPipeline pipeline =
        TracingStart.pipeline(exporter, config(b -> b.withMaxQueueBytes(100_000)), metrics)) {
      for (int i = 0; i < 200; i++) {
        pipeline.accept(Spans.ofBytes(900));
      }
      assertThat(metrics.queuedBytes()).isLessThanOrEqualTo(100_000);
      assertThat(metrics.inFlight()).isBetween(90L, 100L);
      assertThat(metrics.inFlight() + metrics.dropped(DropReason.QUEUE_FULL)).isEqualTo(200);
    }
    assertNothingIsLeft();
  }

  @Test
  void aQueueThatWasFullTakesSpansAgain() {
    Stuck exporter = new Stuck();
    try (ExportPipeline pipeline =
        TracingStart.pipeline(exporter, config(b -> b.withMaxQueueSpans(100)), metrics)) {
      for (int round = 1; round <= 3; round++) {
        for (int i = 0; i < 150; i++) {
          pipeline.accept(Spans.named("PREFILL"));
        }
        int expected = 100 * round;
        exporter.succeedUntil(() -> metrics.delivered() == expected);
      }
      assertThat(metrics.dropped(DropReason.QUEUE_FULL)).isEqualTo(150);
    }
  }

  @Test
  void anExporterThatFailsOrThrowsGetsTheBatchAgain() {
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    SpanExporter exporter =
        exporter(
            spans -> {
              attempts.add(spans.size());
              if (attempts.size() == 1) {
                throw new IllegalStateException("not yet");
              }
              return attempts.size() == 2
                  ? CompletableResultCode.ofFailure()
                  : CompletableResultCode.ofSuccess();
            });
    try (ExportPipeline pipeline = TracingStart.pipeline(exporter, config(b -> b), metrics)) {
      pipeline.accept(Spans.named("PREFILL"));
      assertThat(pipeline.flush(SOON)).isTrue();
    }
    assertThat(attempts).containsExactly(1, 1, 1);
    assertThat(metrics.faults(TraceFault.EXPORTER_FAILED)).isEqualTo(2);
    assertThat(metrics.delivered()).isEqualTo(1);
  }

  @Test
  void severalBatchesAreOnTheWayAtOnce() {
    Stuck exporter = new Stuck();
    try (ExportPipeline pipeline =
        TracingStart.pipeline(
            exporter, config(b -> b.withMaxBatchSpans(10).withSenders(3)), metrics)) {
      for (int i = 0; i < 100; i++) {
        pipeline.accept(Spans.named("PREFILL"));
      }
      await().until(() -> exporter.results.size() == 3);
    }
  }

  @Test
  void aFlushWaitsForWhatWasInsideAndNoLongerThanAsked() {
    Stuck exporter = new Stuck();
    try (ExportPipeline pipeline = TracingStart.pipeline(exporter, config(b -> b), metrics)) {
      pipeline.accept(Spans.named("PREFILL"));
      assertThat(pipeline.flush(Duration.ofMillis(50))).isFalse();
      assertThat(metrics.inFlight()).isEqualTo(1);
      exporter.succeedUntil(() -> pipeline.flush(Duration.ofMillis(50)));
      assertThat(metrics.delivered()).isEqualTo(1);
    }
  }

  @Test
  void closingDeliversWhatIsInside() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    ExportPipeline pipeline = TracingStart.pipeline(exporter, config(b -> b), metrics);
    for (int i = 0; i < 100; i++) {
      pipeline.accept(Spans.named("PREFILL"));
    }
    pipeline.close();
    assertThat(metrics.delivered()).isEqualTo(100);
    assertNothingIsLeft();
  }

  @Test
  void afterClosingSpansAreDroppedAndCountedAndClosingAgainChangesNothing() {
    ExportPipeline pipeline =
        TracingStart.pipeline(InMemorySpanExporter.create(), config(b -> b), metrics);
    pipeline.close();
    pipeline.accept(Spans.named("PREFILL"));
    pipeline.close();
    assertThat(metrics.dropped(DropReason.CLOSED)).isEqualTo(1);
    assertNothingIsLeft();
  }

  @Test
  void theBalanceHoldsAtEveryMomentWhileManyThreadsMakeSpans() throws Exception {
    SpanExporter exporter = exporter(spans -> CompletableResultCode.ofSuccess());
    TracingConfig small = config(b -> b.withMaxQueueSpans(2_000).withMaxBatchSpans(64));
    ExportPipeline pipeline = TracingStart.pipeline(exporter, small, metrics);
    List<Thread> makers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Thread maker =
          new Thread(
              () -> {
                for (int n = 0; n < 50_000; n++) {
                  pipeline.accept(Spans.named("DECODE"));
                }
              });
      maker.start();
      makers.add(maker);
    }
    while (makers.stream().anyMatch(Thread::isAlive)) {
      SpanBalance balance = metrics.balance();
      assertThat(balance.inFlight()).isBetween(0L, 2_000L);
      assertThat(balance.delivered() + balance.droppedInAll() + balance.inFlight())
          .isEqualTo(balance.made());
    }
    for (Thread maker : makers) {
      maker.join();
    }
    pipeline.close();
    assertThat(metrics.made()).isEqualTo(300_000);
    assertThat(metrics.dropped(DropReason.CLOSED)).isZero();
    assertNothingIsLeft();
  }

  /** The one does not wait for the other, and each has its own account. */
  @Test
  void copiesArriveWhereTheFirstReceiverDoesNotAnswerAndTheOtherWayRound() {
    InMemorySpanExporter answering = InMemorySpanExporter.create();
    TracingMetrics ofCopies = new TracingMetrics();
    TracingConfig config = config(b -> b.withMaxQueueSpans(100));
    ExportPipeline stuckFirst =
        TracingStart.pipeline(new Stuck(), config, metrics)
            .copiedTo(TracingStart.pipeline(answering, config, ofCopies));
    SpanWithNote span = new SpanWithNote();
    stuckFirst.accept(span);
    await().until(() -> ofCopies.delivered() == 1);
    assertThat(span.settled.get()).as("the note is for the first receiver").isZero();
    assertThat(stuckFirst.flush(Duration.ofMillis(50))).isFalse();
    stuckFirst.close();
    assertThat(span.settled.get()).isEqualTo(1);
    assertThat(metrics.dropped(DropReason.CLOSED)).isEqualTo(1);

    TracingMetrics first = new TracingMetrics();
    TracingMetrics stuck = new TracingMetrics();
    ExportPipeline stuckCopies =
        TracingStart.pipeline(InMemorySpanExporter.create(), config, first)
            .copiedTo(TracingStart.pipeline(new Stuck(), config, stuck));
    for (int i = 0; i < 300; i++) {
      stuckCopies.accept(Spans.named("PREFILL"));
      if (i % 50 == 49) {
        int made = i + 1;
        await().until(() -> first.delivered() == made);
      }
    }
    stuckCopies.close();
    assertThat(first.balance().delivered()).isEqualTo(first.made()).isEqualTo(300);
    assertThat(stuck.dropped(DropReason.QUEUE_FULL)).isEqualTo(200);
    assertThat(stuck.dropped(DropReason.CLOSED)).isEqualTo(100);
  }

  private static final class SpanWithNote extends DelegatingSpanData implements NotedSpan {
    private final AtomicInteger settled = new AtomicInteger();

    SpanWithNote() {
      super(Spans.named("PREFILL"));
    }

    @Override
    public void settled() {
      settled.incrementAndGet();
    }
  }

  private void assertNothingIsLeft() {
    assertThat(metrics.inFlight()).isZero();
    assertThat(metrics.queuedBytes()).isZero();
  }

  private static TracingConfig config(UnaryOperator<BatchConfig> change) {
    return TracingConfig.builder()
        .enabled(true)
        .batch(
            b ->
                b.withBackoff(Duration.ofMillis(5), Duration.ofMillis(5))
                    .withShutdown(Duration.ofMillis(300)))
        .batch(change)
        .build();
  }

  private static SpanExporter exporter(
      Function<Collection<SpanData>, CompletableResultCode> export) {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        return export.apply(spans);
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  /** Takes batches and says nothing until it is told to. */
  private static final class Stuck implements SpanExporter {
    private final List<CompletableResultCode> results = new CopyOnWriteArrayList<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      CompletableResultCode result = new CompletableResultCode();
      results.add(result);
      return result;
    }

    void succeedUntil(Callable<Boolean> enough) {
      await()
          .until(
              () -> {
                results.forEach(CompletableResultCode::succeed);
                return enough.call();
              });
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
