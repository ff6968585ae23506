package dev.serving.viewer.store;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * In which order traces are listed; of equals the one that began last comes first.
 *
 * @param column by what
 * @param descending whether the greatest comes first; what says nothing comes last either way
 */
public record TraceOrder(Column column, boolean descending) {
  /** As traces are listed unless somebody asks for more. */
  public static final TraceOrder LATEST = new TraceOrder(Column.START, true);

  /** What a trace can be sorted by. */
  public enum Column {
    START,
    NAME,
    STATUS,
    ENDING,
    DURATION,
    FIRST_TOKEN,
    TOKENS_IN,
    TOKENS_OUT,
    MODEL,
    RANKS,
    CAUSE,
    ERRORS,
    SPANS
  }

  /** The same over what the store knows without reading spans; null if that is not among it. */
  Comparator<HeldTrace.Seen> kept() {
    ToLongFunction<HeldTrace.Seen> by =
        switch (column) {
          case START -> HeldTrace.Seen::start;
          case DURATION -> HeldTrace.Seen::duration;
          case SPANS -> HeldTrace.Seen::spans;
          case ERRORS -> HeldTrace.Seen::errors;
          default -> null;
        };
    if (by == null) {
      return null;
    }
    Comparator<HeldTrace.Seen> order = Comparator.comparingLong(by);
    return (descending ? order.reversed() : order)
        .thenComparing(Comparator.comparingLong(HeldTrace.Seen::start).reversed());
  }

  /** The order itself. */
  Comparator<TraceSummary> comparator() {
    boolean isText =
        switch (column) {
          case NAME, ENDING, MODEL, CAUSE -> true;
          default -> false;
        };
    return (isText ? byText() : byNumber())
        .thenComparing(Comparator.comparingLong(TraceSummary::startNanos).reversed());
  }

  private Comparator<TraceSummary> byText() {
    Comparator<String> order = String.CASE_INSENSITIVE_ORDER;
    Comparator<TraceSummary> saysNothing = Comparator.comparing(trace -> text(trace).isEmpty());
    return saysNothing.thenComparing(this::text, descending ? order.reversed() : order);
  }

  private Comparator<TraceSummary> byNumber() {
    Comparator<Long> order = Comparator.naturalOrder();
    Comparator<TraceSummary> saysNothing = Comparator.comparing(trace -> number(trace).isEmpty());
    return saysNothing.thenComparing(
        trace -> number(trace).orElse(0), descending ? order.reversed() : order);
  }

  private String text(TraceSummary trace) {
    return switch (column) {
      case NAME -> trace.rootName();
      case ENDING -> trace.facts().ending();
      case MODEL -> trace.facts().model();
      default -> trace.facts().topCause();
    };
  }

  private OptionalLong number(TraceSummary trace) {
    RequestFacts facts = trace.facts();
    return switch (column) {
      case STATUS -> facts.status();
      case FIRST_TOKEN -> facts.firstTokenNanos();
      case TOKENS_IN -> facts.tokensIn();
      case TOKENS_OUT -> facts.tokensOut();
      case RANKS -> OptionalLong.of(facts.ranks());
      case DURATION -> OptionalLong.of(trace.durationNanos());
      case ERRORS -> OptionalLong.of(trace.errors());
      case SPANS -> OptionalLong.of(trace.spans());
      default -> OptionalLong.of(trace.startNanos());
    };
  }
}
