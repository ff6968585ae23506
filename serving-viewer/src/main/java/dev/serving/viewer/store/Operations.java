package dev.serving.viewer.store;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which span names there are, and who calls whom. */
public final class Operations {
  /** A span name with its kind. */
  public record Operation(String name, SpanKind kind) {}

  /** So many spans of one service have a parent in the other. */
  public record Call(String parent, String child) {}

  private Operations() {}

  /** Sorted; an empty service or kind means any. */
  public static List<Operation> of(TraceStore store, String service, String kind) {
    return spans(store)
        .filter(span -> service.isEmpty() || span.service().equals(service))
        .filter(span -> kind.isEmpty() || span.kind().label().equals(kind))
        .map(span -> new Operation(span.name(), span.kind()))
        .distinct()
        .sorted(Comparator.comparing(Operation::name).thenComparing(Operation::kind))
        .toList();
  }

  public static List<String> names(TraceStore store, String service) {
    return of(store, service, "").stream().map(Operation::name).distinct().toList();
  }

  /** How often each call happened. */
  public static Map<Call, Long> calls(TraceStore store, TraceQuery.Range start) {
    return store.traces().stream()
        .filter(trace -> start.holds(trace.startNanos()))
        .flatMap(Operations::calls)
        .collect(Collectors.groupingBy(call -> call, Collectors.counting()));
  }

  private static Stream<Call> calls(StoredTrace trace) {
    Map<String, StoredSpan> byId = trace.byId();
    return trace.spans().stream()
        .filter(span -> byId.containsKey(span.parentId()))
        .map(span -> new Call(byId.get(span.parentId()).service(), span.service()));
  }

  private static Stream<StoredSpan> spans(TraceStore store) {
    return store.traces().stream().flatMap(trace -> trace.spans().stream());
  }
}
