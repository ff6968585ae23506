package dev.serving.viewer;

import dev.serving.viewer.chart.Causes;
import dev.serving.viewer.chart.Percentiles;
import dev.serving.viewer.chart.Tail;
import dev.serving.viewer.store.RequestFacts;
import dev.serving.viewer.store.StoredTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Which cause makes slow requests slow: of all, and of each group of them. */
final class CausesJson {
  private static final int GROUPS = 20;
  private static final String PROMPT = "prompt";
  private static final String MODEL = "model";

  private CausesJson() {}

  /** A trace that says what its time went to. */
  private record Saying(StoredTrace trace, Map<String, Long> causes) {}

  /**
   * Null if no trace says what its time went to.
   *
   * @param by {@code model}, {@code prompt} for the length of the prompt, or any attribute of the
   *     roots
   */
  static Map<String, Object> of(List<StoredTrace> traces, String by) {
    List<Saying> saying =
        traces.stream()
            .map(trace -> new Saying(trace, Causes.of(trace)))
            .filter(it -> !it.causes().isEmpty())
            .toList();
    if (saying.isEmpty()) {
      return null;
    }
    Map<String, Object> json = tail(saying);
    json.put("by", by.isBlank() ? MODEL : by.strip());
    json.put("groups", groups(saying, by.isBlank() ? MODEL : by.strip()));
    return json;
  }

  private static Map<String, Object> tail(List<Saying> requests) {
    Tail tail = Tail.of(requests.stream().map(Saying::causes).toList());
    return Json.object(
        "requests", tail.requests(),
        "slowest", tail.slowest(),
        "fromNanos", tail.fromNanos(),
        "causes", tail.causes());
  }

  /** The largest groups first. */
  private static List<Object> groups(List<Saying> requests, String by) {
    Map<String, List<Saying>> groups = new TreeMap<>();
    for (Saying request : requests) {
      groups.computeIfAbsent(group(request.trace(), by), any -> new ArrayList<>()).add(request);
    }
    Comparator<Map.Entry<String, List<Saying>>> order =
        Comparator.comparingInt(group -> -group.getValue().size());
    List<Object> json = new ArrayList<>();
    groups.entrySet().stream()
        .sorted(order)
        .limit(GROUPS)
        .forEach(group -> json.add(group(group.getKey(), group.getValue())));
    return json;
  }

  private static Map<String, Object> group(String name, List<Saying> requests) {
    Percentiles spread =
        Percentiles.of(requests.stream().map(it -> it.trace().durationNanos()).toList());
    Map<String, Object> json = tail(requests);
    json.put("group", name);
    json.put("p50", spread.p50());
    json.put("p99", spread.p99());
    return json;
  }

  private static String group(StoredTrace trace, String by) {
    return switch (by) {
      case MODEL -> RequestFacts.of(trace).model();
      case PROMPT -> length(RequestFacts.of(trace).tokensIn());
      default -> trace.root().text(by);
    };
  }

  /** Up to the next power of two, so that some ten groups hold all lengths. */
  private static String length(OptionalLong tokens) {
    long most = Math.min(tokens.orElse(0), Integer.MAX_VALUE);
    long power = most <= 1 ? 1 : Long.highestOneBit(most - 1) << 1;
    return tokens.isEmpty() ? "" : "up to %,d tokens".formatted(power);
  }
}
