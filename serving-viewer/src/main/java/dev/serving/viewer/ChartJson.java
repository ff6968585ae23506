package dev.serving.viewer;

import dev.serving.viewer.chart.LaneChart;
import dev.serving.viewer.chart.LaneChart.Bar;
import dev.serving.viewer.chart.LaneChart.Lane;
import dev.serving.viewer.chart.LaneChart.ProcessGroup;
import dev.serving.viewer.chart.Stage;
import dev.serving.viewer.chart.StageTime;
import dev.serving.viewer.chart.Wait;
import dev.serving.viewer.store.SpanEvent;
import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceSummary;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A chart as the page wants it. Times count from the begin of the trace, because nanoseconds since
 * the epoch do not fit into a JavaScript number.
 */
final class ChartJson {
  // The greatest whole number that a double holds together with all below it.
  private static final long MAX_EXACT = 1L << 53;

  private final LaneChart chart;
  private final long zero;
  private final Map<String, Stage> stages;

  private ChartJson(LaneChart chart) {
    this.chart = chart;
    this.zero = chart.trace().startNanos();
    this.stages = chart.stages();
  }

  static Map<String, Object> of(LaneChart chart) {
    return new ChartJson(chart).json();
  }

  private Map<String, Object> json() {
    StoredTrace trace = chart.trace();
    TraceSummary summary = TraceSummary.of(trace);
    return Json.object(
        "traceId", trace.traceId(),
        "startUnixMillis", zero / 1e6,
        "durationNanos", trace.durationNanos(),
        "service", summary.rootService(),
        "name", summary.rootName(),
        "rootId", chart.root().spanId(),
        "spans", summary.spans(),
        "errors", summary.errors(),
        "orphans", summary.orphans(),
        "processes", chart.processes().stream().map(this::process).toList(),
        "stages", StageTime.of(chart).stream().map(this::stage).toList(),
        "waits", Wait.of(chart).stream().map(this::wait).toList(),
        "facts", SummaryJson.facts(summary.facts()));
  }

  private Map<String, Object> process(ProcessGroup process) {
    return Json.object(
        "service", process.service(),
        "pid", process.pid(),
        "host", process.host(),
        "lanes", process.lanes().stream().map(this::lane).toList());
  }

  private Map<String, Object> lane(Lane lane) {
    return Json.object(
        "label", lane.label(),
        "rank", lane.rank(),
        "rows", lane.rows(),
        "bars", lane.bars().stream().map(this::bar).toList());
  }

  private Map<String, Object> bar(Bar bar) {
    StoredSpan span = bar.span();
    return Json.object(
        "id", span.spanId(),
        "parent", span.parentId(),
        "name", span.name(),
        "kind", span.kind().label(),
        "level", bar.level().name().toLowerCase(Locale.ROOT),
        "row", bar.row(),
        "stage", stage(span.spanId()),
        "isStage", bar.stage().isPresent(),
        "at", span.startNanos() - zero,
        "duration", span.durationNanos(),
        "failed", span.failed(),
        "message", span.status().message(),
        "scope", (span.scope().name() + " " + span.scope().version()).strip(),
        "attributes", attributes(span.attributes()),
        "resource", attributes(span.resource().attributes()),
        "events", span.events().stream().map(this::event).toList(),
        "links", span.links().stream().map(ChartJson::link).toList());
  }

  private String stage(String spanId) {
    Stage stage = stages.get(spanId);
    return stage == null ? "" : stage.name().toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> event(SpanEvent event) {
    return Json.object(
        "name",
        event.name(),
        "at",
        event.timeNanos() - zero,
        "attributes",
        attributes(event.attributes()));
  }

  private static Map<String, Object> link(SpanLink link) {
    return Json.object(
        "traceId",
        link.traceId(),
        "spanId",
        link.spanId(),
        "attributes",
        attributes(link.attributes()));
  }

  private Map<String, Object> stage(StageTime time) {
    return Json.object(
        "id",
        time.span().spanId(),
        "stage",
        time.stage().name(),
        "lane",
        time.lane(),
        "at",
        time.atNanos(),
        "duration",
        time.span().durationNanos(),
        "share",
        time.share(),
        "failed",
        time.span().failed());
  }

  private Map<String, Object> wait(Wait wait) {
    return Json.object(
        "id", wait.after().spanId(),
        "name", wait.name(),
        "at", wait.fromNanos() - zero,
        "duration", wait.durationNanos());
  }

  private static List<List<Object>> attributes(Map<String, Object> attributes) {
    return attributes.entrySet().stream()
        .map(entry -> List.of(entry.getKey(), value(entry.getValue())))
        .toList();
  }

  private static Object value(Object value) {
    if (value == null) {
      return "";
    }
    boolean exact = !(value instanceof Long number) || Math.abs(number) <= MAX_EXACT;
    return exact ? value : value.toString();
  }
}
