package dev.serving.viewer;

import dev.serving.viewer.LaneChart.Bar;
import dev.serving.viewer.LaneChart.Lane;
import dev.serving.viewer.LaneChart.ProcessGroup;
import java.util.LinkedHashMap;
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

  private ChartJson(LaneChart chart) {
    this.chart = chart;
    this.zero = chart.trace().startNanos();
  }

  static Map<String, Object> of(LaneChart chart) {
    return new ChartJson(chart).json();
  }

  private Map<String, Object> json() {
    StoredTrace trace = chart.trace();
    TraceSummary summary = TraceSummary.of(trace);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("traceId", trace.traceId());
    json.put("startUnixMillis", zero / 1e6);
    json.put("durationNanos", trace.durationNanos());
    json.put("service", summary.rootService());
    json.put("name", summary.rootName());
    json.put("rootId", chart.root().spanId());
    json.put("spans", summary.spans());
    json.put("errors", summary.errors());
    json.put("orphans", summary.orphans());
    json.put("processes", chart.processes().stream().map(this::process).toList());
    json.put("stages", StageTime.of(chart).stream().map(this::stage).toList());
    return json;
  }

  private Map<String, Object> process(ProcessGroup process) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("service", process.service());
    json.put("pid", process.pid());
    json.put("host", process.host());
    json.put("lanes", process.lanes().stream().map(this::lane).toList());
    return json;
  }

  private Map<String, Object> lane(Lane lane) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("label", lane.label());
    json.put("rank", lane.rank());
    json.put("rows", lane.rows());
    json.put("bars", lane.bars().stream().map(this::bar).toList());
    return json;
  }

  private Map<String, Object> bar(Bar bar) {
    StoredSpan span = bar.span();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", span.spanId());
    json.put("parent", span.parentId());
    json.put("name", span.name());
    json.put("kind", span.kind().label());
    json.put("level", bar.level().name().toLowerCase(Locale.ROOT));
    json.put("row", bar.row());
    json.put("at", span.startNanos() - zero);
    json.put("duration", span.durationNanos());
    json.put("failed", span.failed());
    json.put("message", span.status().message());
    json.put("scope", (span.scope().name() + " " + span.scope().version()).strip());
    json.put("attributes", attributes(span.attributes()));
    json.put("resource", attributes(span.resource().attributes()));
    json.put("events", span.events().stream().map(this::event).toList());
    json.put("links", span.links().stream().map(ChartJson::link).toList());
    return json;
  }

  private Map<String, Object> event(SpanEvent event) {
    return Map.of(
        "name", event.name(),
        "at", event.timeNanos() - zero,
        "attributes", attributes(event.attributes()));
  }

  private static Map<String, Object> link(SpanLink link) {
    return Map.of(
        "traceId", link.traceId(),
        "spanId", link.spanId(),
        "attributes", attributes(link.attributes()));
  }

  private Map<String, Object> stage(StageTime time) {
    return Map.of(
        "id", time.span().spanId(),
        "stage", time.stage().name(),
        "lane", time.lane(),
        "at", time.atNanos(),
        "duration", time.span().durationNanos(),
        "share", time.share(),
        "failed", time.span().failed());
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
