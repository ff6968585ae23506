package dev.serving.core.frontend.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.InferenceReport;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.ProcessUsage;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.StepReport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** This shows what a scrape says of what engines report. */
final class EngineMetersTest {
  private final Metrics metrics = new Metrics();
  private final EngineMeters meters = new EngineMeters(metrics, "m", 2, 2);

  @AfterEach
  void close() {
    metrics.close();
  }

  private static EngineReport report(Map<String, ProcessReport> processes) {
    return new EngineReport(List.of(), List.of(), List.of(), processes, 0);
  }

  private static ProcessReport of(SpanCounts spans) {
    return new ProcessReport(
        new ProcessUsage(2_500_000_000L, 70, 50, 100, 9, 40_000_000, 3_000), spans);
  }

  private String scrape() {
    return new String(metrics.scrape(false).body(), StandardCharsets.UTF_8);
  }

  @Test
  void stepsAndWaitsBecomeHistogramsOfTheirEngine() {
    StepReport mixed = new StepReport(5, 60, 4, 20_000_000);
    StepReport decode = new StepReport(4, 0, 4, 4_000_000);
    meters.reported(
        1,
        new EngineReport(
            List.of(mixed, decode),
            List.of(300_000_000L),
            List.of(new InferenceReport(70_000_000, 900_000_000)),
            Map.of(),
            3));
    meters.watch(List::of, () -> 0, () -> ProcessReport.NONE);
    assertThat(scrape())
        .contains("serving_queue_time_seconds_bucket{dp_rank=\"1\",model=\"m\",le=\"0.25\"} 0")
        .contains("serving_queue_time_seconds_bucket{dp_rank=\"1\",model=\"m\",le=\"0.5\"} 1")
        .contains("serving_prefill_time_seconds_sum{dp_rank=\"1\",model=\"m\"} 0.07")
        .contains("serving_decode_time_seconds_sum{dp_rank=\"1\",model=\"m\"} 0.9")
        .contains("serving_inference_time_seconds_bucket{dp_rank=\"1\",model=\"m\",le=\"1.0\"} 1")
        .contains("serving_step_duration_seconds_sum{dp_rank=\"1\",model=\"m\"} 0.024")
        .contains("serving_step_duration_seconds_bucket{dp_rank=\"1\",model=\"m\",le=\"0.005\"} 1")
        .contains("serving_step_batch_size_bucket{dp_rank=\"1\",model=\"m\",le=\"4.0\"} 1")
        .contains("serving_step_duration_seconds_count{dp_rank=\"0\",model=\"m\"} 0")
        .contains("serving_step_batch_size_count{dp_rank=\"1\",model=\"m\"} 2")
        .contains("serving_step_tokens_sum{dp_rank=\"1\",model=\"m\",phase=\"prefill\"} 60.0")
        .contains("serving_step_tokens_sum{dp_rank=\"1\",model=\"m\",phase=\"decode\"} 8.0")
        .contains("serving_engine_ignored_messages_total{dp_rank=\"1\",model=\"m\"} 3.0");
  }

  @Test
  void everyProcessHasItsOwnSpans() {
    SpanCounts engine = new SpanCounts(10, 7, Map.of("queue_full", 2L), 1, 300, 4, 1, 9000);
    SpanCounts rank = new SpanCounts(6, 6, Map.of(), 0, 0, 2, 0, 4000);
    meters.reported(0, report(Map.of("scheduler", of(engine), "rank-1", of(rank))));
    meters.watch(List::of, () -> 0, () -> ProcessReport.NONE);
    meters.reported(0, report(Map.of("rank-1", of(rank))));
    assertThat(scrape())
        .contains("serving_process_cpu_seconds_total{process=\"engine-0-rank-1\"} 2.5")
        .contains("serving_process_resident_memory_bytes{process=\"engine-0\"} 70.0")
        .contains("serving_process_heap_used_bytes{process=\"engine-0\"} 50.0")
        .contains("serving_process_collections_total{process=\"engine-0\"} 9.0")
        .contains("serving_process_collection_seconds_total{process=\"engine-0\"} 0.04")
        .contains("serving_process_start_time_seconds{process=\"engine-1\"} 0.0")
        .contains("serving_spans_made_total{process=\"engine-0\"} 10.0")
        .contains("serving_spans_made_total{process=\"engine-0-rank-1\"} 6.0")
        .contains("serving_spans_dropped_total{process=\"engine-0\",reason=\"queue_full\"} 2.0")
        .contains("serving_spans_dropped_total{process=\"engine-0-rank-1\",reason=\"closed\"} 0.0")
        .contains("serving_spans_in_flight{process=\"engine-0\"} 1.0")
        .contains("serving_spans_export_retries_total{process=\"engine-0\"} 1.0");
  }

  @Test
  void aProcessThatIsGoneTakesNothing() {
    SpanCounts spans = new SpanCounts(6, 6, Map.of(), 0, 0, 2, 0, 4000);
    meters.reported(1, report(Map.of("scheduler", of(spans), "rank-1", of(spans))));
    EngineView down = new EngineView(1, EngineView.Phase.DOWN, "killed", null, null, 0, 1);
    meters.watch(() -> List.of(down), () -> 0, () -> ProcessReport.NONE);
    assertThat(scrape())
        .contains("serving_process_resident_memory_bytes{process=\"engine-1\"} 0.0")
        .contains("serving_process_resident_memory_bytes{process=\"engine-1-rank-1\"} 0.0")
        .contains("serving_spans_delivered_total{process=\"engine-1\"} 6.0");
  }
}
