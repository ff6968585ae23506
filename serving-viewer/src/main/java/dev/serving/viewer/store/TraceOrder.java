package dev.serving.viewer.store;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * In which order traces are listed; of equals the one that began last comes first.
 *
 * @param column by what
 * @param descending whether the greatest comes first; what says nothing comes last either way
 * @param span the name of the spans whose longest counts, for {@link Column#STAGE}; else empty
 */
public record TraceOrder(Column column, boolean descending, String span) {
  /** As traces are listed unless somebody asks for more. */
  public static final TraceOrder LATEST = new TraceOrder(Column.START, true);

  /** Sorted by what must be read first, only so many of the latest that may match are. */
  public static final int READ_AT_MOST = 5_000;

  /** By what any trace has of itself. */
  public TraceOrder(Column column, boolean descending) {
    this(column, descending, "");
  }

  /** The same, with the name of a span. */
  public TraceOrder withSpan(String name) {
    return new TraceOrder(column, descending, name);
  }

  /** What a trace can be sorted by. */
  public enum Column {
    STAGE,
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

  /** Whether the traces must be read to be sorted, and so only the latest of them are. */
  public boolean reads() {
    return kept() == null;
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
  Comparator<Search.Found> comparator() {
    boolean isText =
        switch (column) {
          case NAME, ENDING, MODEL, CAUSE -> true;
          default -> false;
        };
    return (isText ? byText() : byNumber())
        .thenComparing(
            Comparator.<Search.Found>comparingLong(found -> found.summary().startNanos())
                .reversed());
  }

  private Comparator<Search.Found> byText() {
    Comparator<String> order = String.CASE_INSENSITIVE_ORDER;
    Comparator<Search.Found> saysNothing = Comparator.comparing(trace -> text(trace).isEmpty());
    return saysNothing.thenComparing(this::text, descending ? order.reversed() : order);
  }

  private Comparator<Search.Found> byNumber() {
    Comparator<Long> order = Comparator.naturalOrder();
    Comparator<Search.Found> saysNothing = Comparator.comparing(trace -> number(trace).isEmpty());
    return saysNothing.thenComparing(
        trace -> number(trace).orElse(0), descending ? order.reversed() : order);
  }

  private String text(Search.Found found) {
    TraceSummary trace = found.summary();
    return switch (column) {
      case NAME -> trace.rootName();
      case ENDING -> trace.facts().ending();
      case MODEL -> trace.facts().model();
      default -> trace.facts().topCause();
    };
  }

  private OptionalLong number(Search.Found found) {
    TraceSummary trace = found.summary();
    RequestFacts facts = trace.facts();
    return switch (column) {
      case STAGE -> longest(found.trace());
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

  /** How long the longest span of that name took, in nanoseconds; empty if there is none. */
  public OptionalLong longest(StoredTrace trace) {
    return trace.spans().stream()
        .filter(one -> !span.isEmpty() && one.name().equals(span))
        .mapToLong(StoredSpan::durationNanos)
        .max();
  }
}
