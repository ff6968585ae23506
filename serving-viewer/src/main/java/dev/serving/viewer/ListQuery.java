package dev.serving.viewer;

import dev.serving.viewer.store.AttributeFilter;
import dev.serving.viewer.store.AttributeFilter.Operator;
import dev.serving.viewer.store.SpanQuery;
import dev.serving.viewer.store.TraceOrder;
import dev.serving.viewer.store.TraceQuery;
import dev.serving.viewer.store.TraceQuery.Range;
import java.util.List;
import java.util.Locale;

/** Which traces a page of the viewer asks for: the same parameters for list and statistics. */
final class ListQuery {
  private static final String HTTP_STATUS = "http.response.status_code";

  private ListQuery() {}

  /** Reads the parameters of a call; an absent one asks nothing. */
  static TraceQuery of(HttpCall call, int defaultLimit) throws BadQueryException {
    TraceQuery query =
        TraceQuery.latest(Params.limit(call, "limit", defaultLimit))
            .withSpan(
                SpanQuery.ANY
                    .withService(call.param("service"))
                    .withOperation(call.param("operation"))
                    .withAttributes(Params.conditions(call.param("where"), "where")))
            .withSpan(stage(call))
            .withSpan(SpanQuery.ANY.withAttributes(status(call.param("status"))))
            .withSpan(SpanQuery.ANY.withAttributes(id(call.param("id"))))
            .withText(call.param("text"))
            .withSpan(SpanQuery.ANY.withAttributes(cause(call)))
            .withErrorsOnly(call.param("errors").equals("true"))
            .withPinnedOnly(call.param("pinned").equals("true"))
            .withDuration(durations(call, "minDuration", "maxDuration"))
            .withStart(times(call));
    return query.withOrder(order(call.param("sort"), call.param("stage")));
  }

  /** A stage, or any other span, that took longer than so much. */
  private static SpanQuery stage(HttpCall call) throws BadQueryException {
    Range range = durations(call, "stageMin", "stageMax");
    return range.equals(Range.ANY)
        ? SpanQuery.ANY
        : SpanQuery.ANY.withOperation(call.param("stage")).withDuration(range);
  }

  private static Range durations(HttpCall call, String min, String max) throws BadQueryException {
    return new Range(
        Params.duration(call.param(min), min, Long.MIN_VALUE),
        Params.duration(call.param(max), max, Long.MAX_VALUE));
  }

  private static Range times(HttpCall call) throws BadQueryException {
    return new Range(
        Params.milliTime(call, "from", Long.MIN_VALUE),
        Params.milliTime(call, "to", Long.MAX_VALUE));
  }

  /** {@code 499}, or {@code 5xx} for all that begin so. */
  private static List<AttributeFilter> status(String status) throws BadQueryException {
    if (status.isEmpty()) {
      return List.of();
    }
    if (status.matches("[1-5]\\d\\d")) {
      return List.of(AttributeFilter.equal(HTTP_STATUS, status));
    }
    if (!status.toLowerCase(Locale.ROOT).matches("[1-5]xx")) {
      throw new BadQueryException("parameter 'status' must be such as 200 or 5xx, was " + status);
    }
    int from = 100 * (status.charAt(0) - '0');
    return List.of(
        new AttributeFilter(HTTP_STATUS, Operator.GREATER, String.valueOf(from - 1)),
        new AttributeFilter(HTTP_STATUS, Operator.LESS, String.valueOf(from + 100)));
  }

  /** The server's id of a request, or the one that its answer bears. */
  private static List<AttributeFilter> id(String id) {
    String key = id.matches("(chat)?cmpl-.*") ? "gen_ai.response.id" : "rid";
    return id.isBlank() ? List.of() : List.of(AttributeFilter.equal(key, id.strip()));
  }

  /**
   * What took most of the request's time, as its server judged; with {@code causeMin} whatever took
   * so long in it, the most or not.
   */
  private static List<AttributeFilter> cause(HttpCall call) throws BadQueryException {
    String cause = call.param("cause");
    long least = Params.duration(call.param("causeMin"), "causeMin", -1);
    if (cause.isBlank()) {
      return List.of();
    }
    return List.of(
        least < 0
            ? AttributeFilter.equal("blame.top", cause.strip())
            : new AttributeFilter(
                "blame." + cause.strip() + "_ns", Operator.GREATER, String.valueOf(least - 1)));
  }

  /** {@code duration}, or {@code -duration} for the greatest first. */
  private static TraceOrder order(String sort, String stage) throws BadQueryException {
    if (sort.isEmpty()) {
      return TraceOrder.LATEST.withSpan(stage);
    }
    boolean descending = sort.startsWith("-");
    String name = (descending ? sort.substring(1) : sort).toUpperCase(Locale.ROOT);
    for (TraceOrder.Column column : TraceOrder.Column.values()) {
      if (column.name().equals(name)) {
        return new TraceOrder(column, descending, stage);
      }
    }
    throw new BadQueryException(
        "parameter 'sort' must be a column such as duration or -first_token, was " + sort);
  }
}
