package dev.serving.viewer.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a list of traces shows of one.
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param rootService service of the root span
 * @param rootName name of the root span
 * @param startNanos earliest begin, in nanoseconds since the epoch
 * @param endNanos latest end, in nanoseconds since the epoch
 * @param spans number of spans
 * @param errors number of spans that failed
 * @param orphans number of spans whose parent is local but has not arrived
 * @param services by name
 * @param facts what it says of its request
 */
public record TraceSummary(
    String traceId,
    String rootService,
    String rootName,
    long startNanos,
    long endNanos,
    int spans,
    int errors,
    int orphans,
    List<ServiceCount> services,
    RequestFacts facts) {

  /**
   * One service's part in a trace.
   *
   * @param name the service
   * @param spans number of its spans
   * @param errors number of its spans that failed
   */
  public record ServiceCount(String name, int spans, int errors) {
    ServiceCount plus(ServiceCount other) {
      return new ServiceCount(name, spans + other.spans, errors + other.errors);
    }
  }

  /** Copies the list. */
  public TraceSummary {
    services = List.copyOf(services);
  }

  /** Earliest begin to latest end, in nanoseconds. */
  public long durationNanos() {
    return endNanos - startNanos;
  }

  public static TraceSummary of(StoredTrace trace) {
    StoredSpan root = trace.root();
    List<StoredSpan> spans = trace.spans();
    return new TraceSummary(
        trace.traceId(),
        root.service(),
        root.name(),
        trace.startNanos(),
        trace.endNanos(),
        spans.size(),
        (int) spans.stream().filter(StoredSpan::failed).count(),
        orphans(trace),
        services(spans),
        RequestFacts.of(trace));
  }

  private static int orphans(StoredTrace trace) {
    Map<String, StoredSpan> byId = trace.byId();
    return (int)
        trace.spans().stream()
            .filter(span -> !span.parentId().isEmpty() && !span.parentIsRemote())
            .filter(span -> !byId.containsKey(span.parentId()))
            .count();
  }

  private static List<ServiceCount> services(List<StoredSpan> spans) {
    Map<String, ServiceCount> counts = new TreeMap<>();
    for (StoredSpan span : spans) {
      ServiceCount one = new ServiceCount(span.service(), 1, span.failed() ? 1 : 0);
      counts.merge(span.service(), one, ServiceCount::plus);
    }
    return List.copyOf(counts.values());
  }
}
