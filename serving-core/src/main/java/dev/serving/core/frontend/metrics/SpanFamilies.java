package dev.serving.core.frontend.metrics;

import static dev.serving.core.frontend.metrics.Family.counter;
import static dev.serving.core.frontend.metrics.Family.gauge;
import static io.prometheus.metrics.model.snapshots.Unit.BYTES;

import dev.serving.core.frontend.metrics.Family.Value;
import dev.serving.core.message.SpanCounts;
import dev.serving.trace.DropReason;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Where the spans of each process are, read off one look: in every scrape, made is delivered and
 * dropped and in flight.
 */
final class SpanFamilies {
  private SpanFamilies() {}

  static List<Family<Map<String, SpanCounts>>> all() {
    return List.of(
        counter("serving_spans_made", "Spans handed to export.", null, each(SpanCounts::made)),
        counter(
            "serving_spans_delivered",
            "Spans that the receiver has accepted.",
            null,
            each(SpanCounts::delivered)),
        counter(
            "serving_spans_dropped",
            "Spans that will not be delivered, by reason.",
            null,
            SpanFamilies::dropped),
        gauge(
            "serving_spans_in_flight",
            "Spans that wait or are being sent.",
            null,
            each(SpanCounts::inFlight)),
        gauge(
            "serving_spans_queued_bytes",
            "Bytes of the spans that wait or are being sent.",
            BYTES,
            each(SpanCounts::queuedBytes)),
        counter(
            "serving_spans_export_requests",
            "Requests that the receiver has answered with success.",
            null,
            each(SpanCounts::requests)),
        counter(
            "serving_spans_export_retries",
            "Attempts beyond the first of a request.",
            null,
            each(SpanCounts::retries)),
        counter(
            "serving_spans_export_bytes",
            "Bytes of requests delivered, compressed.",
            BYTES,
            each(SpanCounts::bytesSent)));
  }

  private static Function<Map<String, SpanCounts>, Stream<Value>> each(
      ToDoubleFunction<SpanCounts> value) {
    return seen ->
        seen.entrySet().stream()
            .map(
                e ->
                    new Value(Labels.of("process", e.getKey()), value.applyAsDouble(e.getValue())));
  }

  private static Stream<Value> dropped(Map<String, SpanCounts> seen) {
    return seen.entrySet().stream()
        .flatMap(
            e -> Stream.of(DropReason.values()).map(r -> dropped(e.getKey(), e.getValue(), r)));
  }

  private static Value dropped(String process, SpanCounts counts, DropReason reason) {
    Labels labels = Labels.of("process", process, "reason", reason.label());
    return new Value(labels, counts.dropped(reason));
  }
}
