package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One request's spans, as a backend that knows spans by their ids has them. Made by {@link #check},
 * which holds whatever became of the request: one trace, one root, no orphan, everything inside its
 * parent, and every link leads to a span that is there.
 */
final class TraceTree {
  private final Map<String, ReceivedSpan> byId = new LinkedHashMap<>();
  private final ReceivedSpan root;

  private TraceTree(List<ReceivedSpan> spans) {
    spans.forEach(span -> byId.putIfAbsent(span.id(), span)); // a retry delivers a span twice
    List<ReceivedSpan> roots =
        byId.values().stream()
            .filter(span -> span.span().getKind() == SpanKind.SPAN_KIND_SERVER)
            .toList();
    assertThat(roots).as("roots among %s", names()).hasSize(1);
    root = roots.get(0);
  }

  /** Checks what must hold of every trace of a request. */
  static TraceTree check(List<ReceivedSpan> spans) {
    assertThat(spans).isNotNull().isNotEmpty();
    TraceTree tree = new TraceTree(spans);
    assertThat(spans.stream().map(ReceivedSpan::traceId).distinct()).hasSize(1);
    tree.spans().filter(span -> !span.equals(tree.root)).forEach(tree::checkInside);
    tree.spans().forEach(tree::checkLinks);
    return tree;
  }

  private void checkInside(ReceivedSpan span) {
    ReceivedSpan parent = byId.get(span.parentId());
    assertThat(parent).as("parent of %s among %s", span.name(), names()).isNotNull();
    assertThat(span.inside(parent))
        .as(
            "%s lies inside %s (begins %d ns after, ends %d ns before)",
            span.name(),
            parent.name(),
            span.span().getStartTimeUnixNano() - parent.span().getStartTimeUnixNano(),
            parent.span().getEndTimeUnixNano() - span.span().getEndTimeUnixNano())
        .isTrue();
  }

  private void checkLinks(ReceivedSpan span) {
    assertThat(byId.keySet())
        .as("links of %s among %s", span.name(), names())
        .containsAll(span.links());
  }

  ReceivedSpan root() {
    return root;
  }

  ReceivedSpan parent(ReceivedSpan span) {
    return byId.get(span.parentId());
  }

  List<String> names() {
    return spans().map(ReceivedSpan::name).toList();
  }

  /** The spans of this name, in the order in which they began. */
  List<ReceivedSpan> named(String name) {
    return spans()
        .filter(span -> span.name().equals(name))
        .sorted(Comparator.comparingLong(span -> span.span().getStartTimeUnixNano()))
        .toList();
  }

  ReceivedSpan only(String name) {
    List<ReceivedSpan> named = named(name);
    assertThat(named).as("%s among %s", name, names()).hasSize(1);
    return named.get(0);
  }

  /** The stages and lanes that were cut short. */
  List<String> truncated() {
    return spans().filter(ReceivedSpan::truncated).map(ReceivedSpan::name).sorted().toList();
  }

  private Stream<ReceivedSpan> spans() {
    return byId.values().stream();
  }
}
