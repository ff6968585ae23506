package dev.serving.core.frontend.engines;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the engine for a prompt: of those that are about equally loaded, the one that has seen
 * most of the prompt's beginning, for its KV blocks may still be there; else the least loaded.
 *
 * <p>Remembers beginnings by chained hashes of whole chunks, bounded. A wrong guess costs a
 * prefill, never a wrong answer. Used by the link thread only.
 */
final class EngineRouting {
  private static final int CHUNK = 32;
  private static final int MAX_CHUNKS = 256;
  private static final int MAX_REMEMBERED = 1 << 15;

  /**
   * Requests by which an engine may be busier than the idlest and still be chosen for its cache.
   */
  private static final int SLACK = 4;

  private final Map<Integer, Seen> seen = new LinkedHashMap<>();

  Optional<EngineSlot> choose(Collection<EngineSlot> slots, int[] prompt) {
    int idlest =
        slots.stream().filter(EngineSlot::serves).mapToInt(s -> s.open.size()).min().orElse(0);
    long[] chain = chain(prompt);
    Optional<EngineSlot> chosen =
        slots.stream()
            .filter(s -> s.serves() && s.open.size() <= idlest + SLACK)
            .max(
                Comparator.comparingInt((EngineSlot s) -> seenBy(s).known(chain))
                    .thenComparing(s -> -s.open.size())
                    .thenComparing(s -> -s.dpRank));
    chosen.ifPresent(s -> seenBy(s).remember(chain));
    return chosen;
  }

  /** The engine lost its cache. */
  void forget(EngineSlot slot) {
    seen.remove(slot.dpRank);
  }

  private Seen seenBy(EngineSlot slot) {
    return seen.computeIfAbsent(slot.dpRank, rank -> new Seen());
  }

  private static long[] chain(int[] prompt) {
    long[] chain = new long[Math.min(MAX_CHUNKS, prompt.length / CHUNK)];
    long hash = 1;
    for (int i = 0; i < chain.length; i++) {
      int[] chunk = Arrays.copyOfRange(prompt, i * CHUNK, (i + 1) * CHUNK);
      hash = hash * 0x9E3779B97F4A7C15L + Arrays.hashCode(chunk);
      chain[i] = hash;
    }
    return chain;
  }

  /** What one engine has seen, the latest last. */
  private static final class Seen extends LinkedHashMap<Long, Boolean> {
    private static final long serialVersionUID = 1L;

    Seen() {
      super(64, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
      return size() > MAX_REMEMBERED;
    }

    int known(long[] chain) {
      int known = 0;
      while (known < chain.length && containsKey(chain[known])) {
        known++;
      }
      return known;
    }

    void remember(long[] chain) {
      for (long hash : chain) {
        put(hash, true);
      }
    }
  }
}
