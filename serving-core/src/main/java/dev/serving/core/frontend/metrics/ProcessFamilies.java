package dev.serving.core.frontend.metrics;

import static dev.serving.core.frontend.metrics.Family.counter;
import static dev.serving.core.frontend.metrics.Family.gauge;
import static io.prometheus.metrics.model.snapshots.Unit.BYTES;
import static io.prometheus.metrics.model.snapshots.Unit.SECONDS;

import dev.serving.core.frontend.metrics.Family.Value;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.ProcessUsage;
import dev.serving.core.message.SpanCounts;
import dev.serving.trace.DropReason;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What each process takes and where its spans are, read off one look: in every scrape, made is
 * delivered and dropped and in flight.
 */
final class ProcessFamilies {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private ProcessFamilies() {}

  static List<Family<Map<String, ProcessReport>>> all() {
    return Stream.concat(usage().stream(), spans().stream()).toList();
  }

  private static List<Family<Map<String, ProcessReport>>> usage() {
    return List.of(
        counter(
            "serving_process_cpu_seconds",
            "Processor time of the process, user and system.",
            SECONDS,
            used(u -> u.cpuNs() / NANOS)),
        gauge(
            "serving_process_resident_memory_bytes",
            "Physical memory of the process; 0 while it does not run.",
            BYTES,
            used(ProcessUsage::residentBytes)),
        gauge(
            "serving_process_heap_used_bytes",
            "Used heap of the process, garbage included.",
            BYTES,
            used(ProcessUsage::heapBytes)),
        gauge(
            "serving_process_heap_max_bytes",
            "Most heap that the process may have.",
            BYTES,
            used(ProcessUsage::maxHeapBytes)),
        counter(
            "serving_process_collections",
            "Garbage collections of the process.",
            null,
            used(ProcessUsage::collections)),
        counter(
            "serving_process_collection_seconds",
            "Time of the process in garbage collections.",
            SECONDS,
            used(u -> u.collectionNs() / NANOS)),
        gauge(
            "serving_process_start_time_seconds",
            "Start of the process, since the epoch.",
            SECONDS,
            used(u -> u.startMillis() / MILLIS)));
  }

  private static List<Family<Map<String, ProcessReport>>> spans() {
    return List.of(
        counter("serving_spans_made", "Spans handed to export.", null, spans(SpanCounts::made)),
        counter(
            "serving_spans_delivered",
            "Spans that the receiver has accepted.",
            null,
            spans(SpanCounts::delivered)),
        counter(
            "serving_spans_dropped",
            "Spans that will not be delivered, by reason.",
            null,
            ProcessFamilies::dropped),
        gauge(
            "serving_spans_in_flight",
            "Spans that wait or are being sent.",
            null,
            spans(SpanCounts::inFlight)),
        gauge(
            "serving_spans_queued_bytes",
            "Bytes of the spans that wait or are being sent.",
            BYTES,
            spans(SpanCounts::queuedBytes)),
        counter(
            "serving_spans_export_requests",
            "Requests that the receiver has answered with success.",
            null,
            spans(SpanCounts::requests)),
        counter(
            "serving_spans_export_retries",
            "Attempts beyond the first of a request.",
            null,
            spans(SpanCounts::retries)),
        counter(
            "serving_spans_export_bytes",
            "Bytes of requests delivered, compressed.",
            BYTES,
            spans(SpanCounts::bytesSent)));
  }

  private static Function<Map<String, ProcessReport>, Stream<Value>> used(
      ToDoubleFunction<ProcessUsage> value) {
    return each(report -> report.usage(), value);
  }

  private static Function<Map<String, ProcessReport>, Stream<Value>> spans(
      ToDoubleFunction<SpanCounts> value) {
    return each(report -> report.spans(), value);
  }

  private static <T> Function<Map<String, ProcessReport>, Stream<Value>> each(
      Function<ProcessReport, T> part, ToDoubleFunction<T> value) {
    return seen ->
        seen.entrySet().stream()
            .map(
                e ->
                    new Value(
                        Labels.of("process", e.getKey()),
                        value.applyAsDouble(part.apply(e.getValue()))));
  }

  private static Stream<Value> dropped(Map<String, ProcessReport> seen) {
    return seen.entrySet().stream()
        .flatMap(
            e ->
                Stream.of(DropReason.values())
                    .map(r -> dropped(e.getKey(), e.getValue().spans(), r)));
  }

  private static Value dropped(String process, SpanCounts counts, DropReason reason) {
    Labels labels = Labels.of("process", process, "reason", reason.label());
    return new Value(labels, counts.dropped(reason));
  }
}
