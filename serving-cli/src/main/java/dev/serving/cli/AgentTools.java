package dev.serving.cli;

import dev.serving.viewer.chart.LaneText;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/**
 * What an agent may ask a viewer, answered in short text: names, times and counts, never what was
 * asked of a model or answered.
 */
final class AgentTools {
  /** So many bytes of UTF-8 at most; the text is ASCII. */
  static final int MOST_BYTES = 2_000;

  private static final int COLUMNS = 90;
  private static final int TRACES = 15;
  private static final List<String> FILTERS =
      List.of(
          "service",
          "where",
          "text",
          "minDuration",
          "stage",
          "stageMin",
          "cause",
          "status",
          "id",
          "errors",
          "sort");

  private final RunningServer viewer;

  AgentTools(URI viewer) {
    this.viewer = new RunningServer(viewer, "start one by 'serving viewer'");
  }

  /** Traces that match, a line each. */
  String searchTraces(Map<String, Object> asked) throws InterruptedException {
    StringJoiner query = new StringJoiner("&", "/viewer/traces?", "&limit=" + TRACES);
    for (String name : FILTERS) {
      if (asked.get(name) != null) {
        query.add(name + "=" + RunningServer.encoded(asked.get(name).toString()));
      }
    }
    JsonNode answer = viewer.get(query.toString());
    List<String> lines = new ArrayList<>();
    answer.path("traces").forEach(trace -> lines.add(AgentText.line(trace)));
    return lines.isEmpty()
        ? "no trace matches; " + answer.path("held").asLong() + " are held"
        : AgentText.fit(lines);
  }

  /** The lanes of one trace, as drawn in a terminal. */
  String lanes(Map<String, Object> asked) throws InterruptedException {
    JsonNode trace = viewer.get("/api/traces/" + id(asked, "trace")).path("data").path(0);
    return AgentText.fit(LaneText.draw(JaegerTrace.read(trace), COLUMNS).lines().toList());
  }

  /** Where one request's time went, whose fault it was, and which stages were slower than usual. */
  String why(Map<String, Object> asked) throws InterruptedException {
    String path = "/viewer/traces/" + id(asked, "trace");
    return AgentText.fit(AgentText.why(viewer.get(path), viewer.get(path + "/like")));
  }

  /** Two traces stage by stage. */
  String compare(Map<String, Object> asked) throws InterruptedException {
    JsonNode both = viewer.get("/viewer/compare?a=" + id(asked, "a") + "&b=" + id(asked, "b"));
    return AgentText.fit(AgentText.compare(both));
  }

  private static String id(Map<String, Object> asked, String name) {
    String id = String.valueOf(asked.get(name));
    if (!id.matches("[0-9a-fA-F]{1,32}")) {
      throw new StartException("'" + name + "' must be a trace's id, 1 to 32 hexadecimal digits");
    }
    return id;
  }

  /** What a schema says of these arguments, all of them texts. */
  static Map<String, Object> schema(List<String> required, Map<String, String> arguments) {
    Map<String, Object> properties = new LinkedHashMap<>();
    arguments.forEach(
        (name, says) -> properties.put(name, Map.of("type", "string", "description", says)));
    return Map.of("type", "object", "properties", properties, "required", required);
  }
}
