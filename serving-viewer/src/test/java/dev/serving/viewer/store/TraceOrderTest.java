package dev.serving.viewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.SampleTrace;
import dev.serving.viewer.store.TraceOrder.Column;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This shows in which orders traces can be asked for, and that the order picks among all. */
class TraceOrderTest {
  private final TraceStore store = new TraceStore(StoreConfig.DEFAULT);

  @Test
  void theOrderChoosesAmongAllThatMatchAndNotAmongTheLatest() throws Exception {
    for (int i = 1; i <= 20; i++) {
      request(i, i * 10L, i == 3 ? null : (Long) (100L - i), i % 2 == 0 ? "llama" : "qwen");
    }

    assertThat(ids(new TraceOrder(Column.TOKENS_OUT, true), 2)).containsExactly(1, 2);
    assertThat(ids(new TraceOrder(Column.TOKENS_OUT, false), 2)).containsExactly(20, 19);
    assertThat(ids(new TraceOrder(Column.DURATION, false), 2)).containsExactly(1, 2);
    assertThat(ids(new TraceOrder(Column.MODEL, false), 2)).containsExactly(20, 18);
    assertThat(ids(TraceOrder.LATEST, 2)).containsExactly(20, 19);
  }

  @Test
  void whatSaysNothingComesLastEitherWay() throws Exception {
    request(1, 10, null, "");
    request(2, 10, 5L, "qwen");
    request(3, 10, 7L, "qwen");

    assertThat(ids(new TraceOrder(Column.TOKENS_OUT, true), 3)).containsExactly(3, 2, 1);
    assertThat(ids(new TraceOrder(Column.TOKENS_OUT, false), 3)).containsExactly(2, 3, 1);
    assertThat(ids(new TraceOrder(Column.MODEL, true), 3)).containsExactly(3, 2, 1);
  }

  @Test
  void whatMustBeReadIsReadOfTheLatestAlone() throws Exception {
    request(1, 90, 1_000L, "qwen");
    for (int i = 2; i <= TraceOrder.READ_AT_MOST + 1; i++) {
      request(i, 10, 5L, "qwen");
    }

    assertThat(ids(new TraceOrder(Column.DURATION, true), 1)).containsExactly(1);
    assertThat(ids(new TraceOrder(Column.TOKENS_OUT, true), 1)).doesNotContain(1);
    assertThat(new TraceOrder(Column.DURATION, true).reads()).isFalse();
    assertThat(new TraceOrder(Column.TOKENS_OUT, true).reads()).isTrue();
    // A filter that the index knows comes first.
    request(7_000, 10, 2_000L, "rare");
    request(1, 90, 1_000L, "qwen");
    assertThat(
            store.search(
                TraceQuery.latest(1)
                    .withOrder(new TraceOrder(Column.TOKENS_OUT, true))
                    .withSpan(
                        SpanQuery.ANY.withAttributes(
                            List.of(AttributeFilter.equal("gen_ai.response.model", "rare"))))))
        .hasSize(1);
  }

  @Test
  void everyColumnIsAnOrder() throws Exception {
    request(1, 10, 5L, "qwen");
    request(2, 10, 5L, "qwen");

    for (Column column : Column.values()) {
      assertThat(ids(new TraceOrder(column, true), 9)).as(column.name()).containsExactly(2, 1);
    }
  }

  private void request(int id, long millis, Long tokens, String model) throws Exception {
    SampleTrace trace = SampleTrace.empty("%032x".formatted(id), id * 1_000_000_000L);
    var root = trace.span("POST", null, 0, millis * SampleTrace.MILLI);
    if (tokens != null) {
      root.addAttributes(SampleTrace.number("gen_ai.usage.output_tokens", tokens));
    }
    if (!model.isEmpty()) {
      root.addAttributes(SampleTrace.text("gen_ai.response.model", model));
    }
    trace.any("frontend", root);
    store.add(trace.bytes());
  }

  private List<Integer> ids(TraceOrder order, int limit) {
    return store.search(TraceQuery.latest(limit).withOrder(order)).stream()
        .map(found -> Integer.parseInt(found.traceId(), 16))
        .toList();
  }
}
