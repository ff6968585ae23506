package dev.serving.trace.testing;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request's spans, as a backend that knows spans by their ids has them. Made by {@link #check},
 * which holds whatever became of the request: one trace, one root, no orphan, everything inside its
 * parent, and every link leads to a span that is there.
 */
public final class TraceTree {
  private final Map<String, SeenSpan> byId = new LinkedHashMap<>();
  private final SeenSpan root;

  private TraceTree(List<SeenSpan> spans) {
    spans.forEach(span -> byId.putIfAbsent(span.spanId(), span)); // a retry delivers a span twice
    List<SeenSpan> roots = spans().filter(span -> span.kind().equals("SERVER")).toList();
    check(roots.size() == 1, roots.size() + " roots among " + names());
    root = roots.get(0);
  }

  /**
   * Checks what must hold of every trace of a request; its root is the span of kind SERVER.
   *
   * @throws AssertionError that says what does not
   */
  public static TraceTree check(List<SeenSpan> spans) {
    check(!spans.isEmpty(), "there are no spans");
    TraceTree tree = new TraceTree(spans);
    long traces = spans.stream().map(SeenSpan::traceId).distinct().count();
    check(traces == 1, tree.names() + " are of " + traces + " traces");
    tree.spans().filter(span -> !span.equals(tree.root)).forEach(tree::checkInside);
    tree.spans().forEach(tree::checkLinks);
    return tree;
  }

  private void checkInside(SeenSpan span) {
    SeenSpan parent = byId.get(span.parentId());
    check(parent != null, "no parent of " + span.name() + " among " + names());
    check(
        span.isInside(parent),
        "%s lies outside %s: begins %d ns after, ends %d ns before it"
            .formatted(
                span.name(),
                parent.name(),
                span.start() - parent.start(),
                parent.end() - span.end()));
  }

  /**
   * Links to other traces, such as that of a request that held this one up, are their own affair.
   */
  private void checkLinks(SeenSpan span) {
    check(
        span.links().stream()
            .filter(link -> link.traceId().equals(span.traceId()))
            .allMatch(link -> byId.containsKey(link.spanId())),
        span.name() + " links to a span that is not among " + names());
  }

  /** Returns the request's root. */
  public SeenSpan root() {
    return root;
  }

  /** Returns the parent of a span, or null. */
  public @Nullable SeenSpan parent(SeenSpan span) {
    return byId.get(span.parentId());
  }

  /** Returns the names of all spans. */
  public List<String> names() {
    return spans().map(SeenSpan::name).toList();
  }

  /** Returns the spans of this name, in the order in which they began. */
  public List<SeenSpan> named(String name) {
    return spans()
        .filter(span -> span.name().equals(name))
        .sorted(Comparator.comparingLong(SeenSpan::start))
        .toList();
  }

  /** Returns the only span of this name. */
  public SeenSpan only(String name) {
    List<SeenSpan> named = named(name);
    check(named.size() == 1, named.size() + " spans named " + name + " among " + names());
    return named.get(0);
  }

  /** Returns the names of the spans that were cut short, sorted. */
  public List<String> truncated() {
    return spans().filter(SeenSpan::truncated).map(SeenSpan::name).sorted().toList();
  }

  private Stream<SeenSpan> spans() {
    return byId.values().stream();
  }

  // Without a library for assertions: whoever tests with this may have any.
  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
