package dev.serving.cli.load;

import dev.serving.cli.load.Outcome.Ending;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Adds up what became of requests. Safe from any thread. */
final class Tally {
  /** A page with more dots than these would say no more. */
  private static final int MOST_DOTS = 20_000;

  /** How far "http 503" goes, which is a kind. */
  private static final int STATUS = 8;

  private final long beginNanos;
  private final Times firstToken = new Times();
  private final Times perToken = new Times();
  private final Times betweenTokens = new Times();
  private final Times endToEnd = new Times();
  private final Map<Ending, Integer> endings = new EnumMap<>(Ending.class);
  private final Map<String, Integer> errors = new TreeMap<>();
  private final Map<Long, Integer> tokensBySecond = new TreeMap<>();
  private final List<Dot> dots = new ArrayList<>();
  private long inputTokens;
  private long outputTokens;
  private long lastNanos;

  Tally(long beginNanos) {
    this.beginNanos = beginNanos;
    this.lastNanos = beginNanos;
  }

  synchronized void add(Outcome outcome) {
    endings.merge(outcome.ending(), 1, Integer::sum);
    lastNanos = Math.max(lastNanos, outcome.endNanos());
    inputTokens += outcome.inputTokens();
    outputTokens += outcome.outputTokens();
    if (outcome.ending() == Ending.FAILED) {
      errors.merge(kind(outcome.error()), 1, Integer::sum);
    }
    if (dots.size() < MOST_DOTS) {
      dots.add(dot(outcome));
    }
    outcome.texts().forEach(at -> tokensBySecond.merge(second(at), 1, Integer::sum));
    if (outcome.ending() != Ending.FAILED) {
      addTimes(outcome);
    }
  }

  /** Without the numbers and ids that would make each failure a kind of its own. */
  private static String kind(String error) {
    return error.length() <= STATUS
        ? error
        : error.substring(0, STATUS)
            + error.substring(STATUS).replaceAll("[a-z]+-[0-9a-f]{16,}|\\d+", "N");
  }

  private void addTimes(Outcome outcome) {
    List<Long> texts = outcome.texts();
    if (outcome.hasText()) {
      firstToken.add(outcome.firstTextNanos());
    }
    for (int i = 1; i < texts.size(); i++) {
      betweenTokens.add(texts.get(i) - texts.get(i - 1));
    }
    if (outcome.ending() == Ending.ANSWERED) {
      endToEnd.add(outcome.totalNanos());
      if (outcome.hasText() && outcome.outputTokens() > 1) {
        long after = outcome.endNanos() - texts.get(0);
        perToken.add(after / (outcome.outputTokens() - 1));
      }
    }
  }

  private long second(long nanos) {
    return (nanos - beginNanos) / 1_000_000_000;
  }

  private Dot dot(Outcome outcome) {
    return new Dot(
        (outcome.dueNanos() - beginNanos) / 1e9,
        outcome.hasText() ? outcome.firstTextNanos() / 1e6 : Double.NaN,
        outcome.totalNanos() / 1e6,
        outcome.ending());
  }

  synchronized int ended() {
    return endings.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized int ended(Ending ending) {
    return endings.getOrDefault(ending, 0);
  }

  /** All of it, as numbers, of a load that came to its end. */
  LoadResult result(Target target, LoadConfig config, int mostOpen) {
    return result(target, config, mostOpen, OptionalInt.empty());
  }

  /**
   * All so far, of a load that was ended before its time.
   *
   * @param endNanos when it was
   * @param open requests that were open then
   */
  synchronized LoadResult partial(
      Target target, LoadConfig config, int mostOpen, long endNanos, int open) {
    lastNanos = Math.max(lastNanos, endNanos);
    return result(target, config, mostOpen, OptionalInt.of(open));
  }

  private synchronized LoadResult result(
      Target target, LoadConfig config, int mostOpen, OptionalInt openAtEnd) {
    return new LoadResult(
        target,
        config,
        (lastNanos - beginNanos) / 1e9,
        ended(Ending.ANSWERED),
        ended(Ending.FAILED),
        ended(Ending.CANCELLED),
        inputTokens,
        outputTokens,
        mostOpen,
        Map.copyOf(tokensBySecond),
        firstToken.quantiles(),
        perToken.quantiles(),
        betweenTokens.quantiles(),
        endToEnd.quantiles(),
        new TreeMap<>(errors),
        List.copyOf(dots),
        openAtEnd);
  }
}
