package dev.serving.viewer.store;

import dev.serving.viewer.store.TraceStore.Operation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which span names there are, and who calls whom. */
public final class Operations {
  /**
   * So many spans of one service have a parent in the other.
   *
   * @param parent the caller's service
   * @param child the other's
   */
  public record Call(String parent, String child) {}

  private Operations() {}

  /** Sorted; an empty service or kind means any. */
  public static List<Operation> of(TraceStore store, String service, String kind) {
    return store.operations().stream()
        .filter(operation -> service.isEmpty() || operation.service().equals(service))
        .filter(operation -> kind.isEmpty() || operation.kind().label().equals(kind))
        .map(operation -> new Operation("", operation.name(), operation.kind()))
        .distinct()
        .sorted(Comparator.comparing(Operation::name).thenComparing(Operation::kind))
        .toList();
  }

  /** The same, but the names alone. */
  public static List<String> names(TraceStore store, String service) {
    return of(store, service, "").stream().map(Operation::name).distinct().toList();
  }

  /** How often each call happened in traces that began then. Reads every trace. */
  public static Map<Call, Long> calls(TraceStore store, TraceQuery.Range start) {
    Map<Call, Long> calls = new HashMap<>();
    store.forEachTrace(
        trace -> {
          if (start.holds(trace.startNanos())) {
            count(trace, calls);
          }
        });
    return calls;
  }

  private static void count(StoredTrace trace, Map<Call, Long> calls) {
    Map<String, StoredSpan> byId = trace.byId();
    for (StoredSpan span : trace.spans()) {
      StoredSpan parent = byId.get(span.parentId());
      if (parent != null) {
        calls.merge(new Call(parent.service(), span.service()), 1L, Long::sum);
      }
    }
  }
}
