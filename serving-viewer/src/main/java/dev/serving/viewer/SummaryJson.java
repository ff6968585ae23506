package dev.serving.viewer;

import dev.serving.viewer.store.RequestFacts;
import dev.serving.viewer.store.TraceSummary;
import java.util.Map;
import java.util.OptionalLong;

/** One trace's line in a list, as the page wants it; what is not known is null. */
final class SummaryJson {
  private SummaryJson() {}

  static Map<String, Object> of(TraceSummary summary) {
    Map<String, Object> json =
        Json.object(
            "traceId", summary.traceId(),
            "service", summary.rootService(),
            "name", summary.rootName(),
            "startUnixMillis", summary.startNanos() / 1e6,
            "durationNanos", summary.durationNanos(),
            "spans", summary.spans(),
            "errors", summary.errors(),
            "orphans", summary.orphans(),
            "services", summary.services());
    json.putAll(facts(summary.facts()));
    return json;
  }

  static Map<String, Object> facts(RequestFacts facts) {
    return Json.object(
        "requestId", facts.requestId(),
        "model", facts.model(),
        "status", orNull(facts.status()),
        "ending", facts.ending(),
        "firstTokenNanos", orNull(facts.firstTokenNanos()),
        "tokensIn", orNull(facts.tokensIn()),
        "tokensOut", orNull(facts.tokensOut()),
        "ranks", facts.ranks(),
        "topCause", facts.topCause());
  }

  private static Long orNull(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }
}
