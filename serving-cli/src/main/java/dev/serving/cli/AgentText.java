package dev.serving.cli;

import dev.serving.viewer.chart.Durations;
import dev.serving.viewer.chart.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A viewer's answers as short lines of ASCII, without what strangers wrote at length. */
final class AgentText {
  private static final int NAME = 40;
  private static final int CAUSES = 6;
  private static final String CUT = "... (cut)";

  private AgentText() {}

  /** As many whole lines as fit into one answer; says so if some do not. */
  static String fit(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      String safe = Printable.text(line);
      if (text.length() + safe.length() + 1 > AgentTools.MOST_BYTES - CUT.length()) {
        return text.append(CUT).toString();
      }
      text.append(safe).append('\n');
    }
    return text.toString();
  }

  static String line(JsonNode trace) {
    return "%s %s%s%s%s%s%s %s"
        .formatted(
            trace.path("traceId").asString(""),
            time(trace.path("durationNanos")),
            said(" status ", trace.path("status")),
            said(" ending ", trace.path("ending")),
            trace.path("firstTokenNanos").isNumber()
                ? " first-token " + time(trace.path("firstTokenNanos"))
                : "",
            said(" out ", trace.path("tokensOut")),
            said(" cause ", trace.path("topCause")),
            name(trace));
  }

  static List<String> why(JsonNode trace, JsonNode like) {
    List<String> lines = new ArrayList<>();
    lines.add(name(trace) + " took " + time(trace.path("durationNanos")));
    causes(trace, lines);
    Map<String, Long> p99 = new HashMap<>();
    like.path("stages")
        .forEach(it -> p99.put(it.path("stage").asString(""), it.path("p99").asLong()));
    for (JsonNode stage : trace.path("stages")) {
      long nanos = stage.path("duration").asLong();
      Long usual = p99.get(stage.path("stage").asString(""));
      lines.add(
          "stage %s (%s): %s%s"
              .formatted(
                  stage.path("stage").asString(""),
                  cut(stage.path("lane")),
                  Durations.text(nanos),
                  usual != null && nanos > usual
                      ? ", slower than the p99 of its like, " + Durations.text(usual)
                      : ""));
    }
    trace
        .path("waits")
        .forEach(
            it ->
                lines.add(
                    "waited "
                        + cut(it.path("name")).replace("→", "->")
                        + ": "
                        + time(it.path("duration"))));
    return lines;
  }

  static List<String> compare(JsonNode both) {
    List<String> lines = new ArrayList<>();
    lines.add("a: " + line(both.path("a")));
    lines.add("b: " + line(both.path("b")));
    for (JsonNode stage : both.path("stages")) {
      lines.add(
          "%s: a %s, b %s"
              .formatted(
                  stage.path("stage").asString(""), time(stage.path("a")), time(stage.path("b"))));
    }
    for (JsonNode cause : both.path("causes")) {
      lines.add(
          "cause %s: a %s, b %s"
              .formatted(cut(cause.path("cause")), time(cause.path("a")), time(cause.path("b"))));
    }
    return lines;
  }

  /** The causes that the root names, and whose requests they were. */
  private static void causes(JsonNode trace, List<String> lines) {
    JsonNode root = root(trace);
    Map<String, Long> causes = new HashMap<>();
    for (JsonNode attribute : root.path("attributes")) {
      String key = attribute.path(0).asString("");
      if (key.matches("blame\\..+_ns") && !key.equals("blame.alone_ns")) {
        causes.put(key.substring(6, key.length() - 3), attribute.path(1).asLong(0));
      }
    }
    if (causes.isEmpty()) {
      lines.add("its root does not say what its time went to");
    }
    causes.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(CAUSES)
        .forEach(it -> lines.add("cause " + it.getKey() + ": " + Durations.text(it.getValue())));
    root.path("links").forEach(link -> culprit(link, lines));
  }

  private static void culprit(JsonNode link, List<String> lines) {
    Map<String, JsonNode> says = new HashMap<>();
    link.path("attributes").forEach(it -> says.put(it.path(0).asString(""), it.path(1)));
    if (says.containsKey("blame.cause") && says.containsKey("blame.ns")) {
      lines.add(
          "because of trace %s: %s %s"
              .formatted(
                  link.path("traceId").asString(""),
                  cut(says.get("blame.cause")),
                  time(says.get("blame.ns"))));
    }
  }

  private static JsonNode root(JsonNode trace) {
    String id = trace.path("rootId").asString("");
    for (JsonNode process : trace.path("processes")) {
      for (JsonNode lane : process.path("lanes")) {
        for (JsonNode bar : lane.path("bars")) {
          if (bar.path("id").asString("").equals(id)) {
            return bar;
          }
        }
      }
    }
    return trace.path("no such");
  }

  private static String said(String before, JsonNode value) {
    return value.asString("").isEmpty() ? "" : before + cut(value);
  }

  private static String time(JsonNode nanos) {
    return nanos.isNumber() ? Durations.text(nanos.asLong()) : "-";
  }

  private static String name(JsonNode trace) {
    return cut(trace.path("name"));
  }

  private static String cut(JsonNode value) {
    String text = value.asString("");
    return text.length() > NAME ? text.substring(0, NAME) + ".." : text;
  }
}
