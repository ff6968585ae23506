package dev.serving.viewer.chart;

import dev.serving.viewer.store.StoredTrace;
import java.util.Map;
import java.util.TreeMap;

/** What a request's time went to, as its root says: causes that sum to the whole. */
public final class Causes {
  private static final String BEFORE = "blame.";
  private static final String AFTER = "_ns";
  private static final String NO_CAUSE = "blame.alone_ns";

  private Causes() {}

  /** Nanoseconds by cause; empty for a trace that does not say, without those of no time. */
  public static Map<String, Long> of(StoredTrace trace) {
    Map<String, Long> causes = new TreeMap<>();
    trace
        .root()
        .attributes()
        .forEach(
            (key, value) -> {
              if (isCause(key) && value instanceof Long nanos && nanos > 0) {
                causes.put(key.substring(BEFORE.length(), key.length() - AFTER.length()), nanos);
              }
            });
    return causes;
  }

  private static boolean isCause(String key) {
    return key.startsWith(BEFORE)
        && key.endsWith(AFTER)
        && key.length() > BEFORE.length() + AFTER.length()
        && !key.equals(NO_CAUSE);
  }
}
