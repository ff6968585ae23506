package dev.serving.blame;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an interval of a request's time was due to.
 *
 * @param causes nanoseconds of each cause that has any, in the order of {@link Cause}; their sum is
 *     the interval, exactly
 * @param culprits who was the cause of most of it, most first
 */
public record Blame(Map<Cause, Long> causes, List<Culprit> culprits) {
  private static final int MOST_CULPRITS = 8;

  /** Copies. */
  public Blame {
    EnumMap<Cause, Long> ordered = new EnumMap<>(Cause.class);
    ordered.putAll(causes);
    causes = Collections.unmodifiableMap(ordered);
    culprits = List.copyOf(culprits);
  }

  /** Both by the order of causes; culprits are null where a cause has none. */
  static Blame of(long[] ns, KeySums[] culprits) {
    Map<Cause, Long> causes = new EnumMap<>(Cause.class);
    List<Culprit> all = new ArrayList<>();
    for (Cause cause : Cause.values()) {
      if (ns[cause.ordinal()] != 0) {
        causes.put(cause, ns[cause.ordinal()]);
      }
      if (culprits[cause.ordinal()] != null) {
        all.addAll(culprits[cause.ordinal()].most(cause, MOST_CULPRITS));
      }
    }
    all.sort(Comparator.comparingLong(culprit -> -culprit.ns()));
    return new Blame(causes, all.subList(0, Math.min(all.size(), MOST_CULPRITS)));
  }

  /** Nanoseconds of a cause. */
  public long ns(Cause cause) {
    return causes.getOrDefault(cause, 0L);
  }

  /** All of it, in nanoseconds. */
  public long totalNs() {
    long total = 0;
    for (long ns : causes.values()) { // no streams: asked many times at the end of each request
      total += ns;
    }
    return total;
  }

  /** What of it the request would have met with the server to itself. */
  public long aloneNs() {
    long total = 0;
    for (Map.Entry<Cause, Long> entry : causes.entrySet()) {
      total += entry.getKey().alone() ? entry.getValue() : 0;
    }
    return total;
  }

  /** The cause with the most; of a request that nothing held up its own rows. */
  public Cause top() {
    return causes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Cause.OWN);
  }
}
