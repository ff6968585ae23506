package dev.serving.bench.blame;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What Jaeger's page marks as a trace's critical path, as time by operation. Its rule, written anew
 * from a description of what it does: from a span's end, its child that ended last is what it
 * waited for; before that child began, the one that ended last strictly before. Children are cut to
 * their parents, links are not looked at.
 */
final class CriticalPath {
  private final Map<String, List<Span>> children = new HashMap<>();
  private final Map<String, Long> micros = new HashMap<>();

  private CriticalPath() {}

  private record Span(String id, String parent, String name, long start, long end) {
    Span within(long from, long to) {
      return new Span(id, parent, name, Math.max(start, from), Math.min(end, to));
    }
  }

  /** Microseconds of a trace's critical path by operation, from what Jaeger's API says of it. */
  static Map<String, Long> of(JsonNode trace) {
    CriticalPath path = new CriticalPath();
    List<Span> spans = trace.path("spans").valueStream().map(CriticalPath::span).toList();
    for (Span span : spans) {
      path.children.computeIfAbsent(span.parent(), id -> new ArrayList<>()).add(span);
    }
    List<String> ids = spans.stream().map(Span::id).toList();
    spans.stream()
        .filter(span -> !ids.contains(span.parent()))
        .max(Comparator.comparingLong(span -> span.end() - span.start()))
        .ifPresent(path::walk);
    return path.micros;
  }

  private static Span span(JsonNode span) {
    String parent =
        span.path("references")
            .valueStream()
            .filter(reference -> reference.path("refType").asString("").equals("CHILD_OF"))
            .map(reference -> reference.path("spanID").asString(""))
            .findFirst()
            .orElse("");
    long start = span.path("startTime").asLong();
    long end = start + span.path("duration").asLong();
    String name = span.path("operationName").asString();
    return new Span(span.path("spanID").asString(), parent, name, start, end);
  }

  private void walk(Span span) {
    long now = span.end();
    for (Optional<Span> child = lastBefore(span, Long.MAX_VALUE);
        child.isPresent();
        child = lastBefore(span, now)) {
      add(span, now - child.get().end());
      walk(child.get());
      now = child.get().start();
    }
    add(span, now - span.start());
  }

  private Optional<Span> lastBefore(Span span, long time) {
    return children.getOrDefault(span.id(), List.of()).stream()
        .filter(child -> child.start() < span.end() && child.end() > span.start())
        .map(child -> child.within(span.start(), span.end()))
        .filter(child -> child.end() < time)
        .max(Comparator.comparingLong(Span::end));
  }

  private void add(Span span, long time) {
    micros.merge(span.name(), time, Long::sum);
  }
}
