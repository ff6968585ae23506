package dev.serving.viewer.store;

import java.util.ArrayList;
import java.util.List;

/** What a query asks as terms: for each of its spans, for each condition, any of some hashes. */
final class SearchTerms {
  /** For each span that is asked for, what one span must all have; empty where no term says it. */
  final List<List<long[]>> ofSpans = new ArrayList<>();

  private final List<int[][]> marks = new ArrayList<>();

  SearchTerms(TraceQuery query) {
    query.spans().forEach(span -> ofSpans.add(of(span)));
    ofSpans.forEach(all -> marks.add(HeldTrace.marksOf(all)));
  }

  /** Whether a trace may have all that is asked, each of it in some span. */
  boolean mayBeIn(HeldTrace trace) {
    for (int[][] ofOne : marks) {
      if (!trace.mayHave(ofOne)) {
        return false;
      }
    }
    return true;
  }

  private static List<long[]> of(SpanQuery span) {
    List<long[]> terms = new ArrayList<>();
    if (!span.service().isEmpty()) {
      terms.add(new long[] {Terms.service(Terms.hash(span.service()))});
    }
    if (!span.operation().isEmpty()) {
      terms.add(new long[] {Terms.operation(Terms.hash(span.operation()))});
    }
    for (AttributeFilter attribute : span.attributes()) {
      if (attribute.operator() == AttributeFilter.Operator.EQUALS) {
        terms.add(Terms.ofAttribute(attribute.key(), attribute.value()));
      }
    }
    return terms;
  }

  /** Whether a block may have a span with all of these. */
  static boolean mayHold(Block block, List<long[]> all) {
    return all.stream().allMatch(block.terms::mayHoldAny);
  }
}
