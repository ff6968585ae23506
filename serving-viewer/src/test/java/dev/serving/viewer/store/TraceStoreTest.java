package dev.serving.viewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.serving.viewer.SampleTrace;
import dev.serving.viewer.store.TraceQuery.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a store promises. */
class TraceStoreTest {
  private static final long MANY_BYTES = 1L << 40;

  private final TraceStore store = new TraceStore(new StoreConfig(100, MANY_BYTES));

  @Test
  void aTraceGrowsAsItsSpansArriveInAnyOrder() {
    List<StoredSpan> spans = SampleTrace.chat(id(1), 1_000).stored().spans();
    store.add(spans.subList(6, 13));
    StoredTrace half = store.trace(id(1)).orElseThrow();
    store.add(spans.subList(0, 6));

    assertThat(half.spans()).hasSize(7);
    assertThat(store.trace(id(1)).orElseThrow().spans()).containsExactlyElementsOf(spans);
  }

  @Test
  void anUnknownTraceIsEmpty() {
    assertThat(store.trace(id(9))).isEmpty();
    assertThat(store.search(TraceQuery.latest(10))).isEmpty();
    assertThat(store.services()).isEmpty();
  }

  @Test
  void aSpanThatComesTwiceIsKeptOnce() {
    List<StoredSpan> spans = SampleTrace.chat(id(1), 1_000).stored().spans();

    assertThat(store.add(spans)).isZero();
    assertThat(store.add(spans)).isZero();

    assertThat(store.trace(id(1)).orElseThrow().spans()).hasSize(13);
    assertThat(store.counts().duplicates()).isEqualTo(13);
  }

  @Test
  void theOldestTracesGoWholeWhenThereAreTooManySpans() {
    IntStream.rangeClosed(1, 10).forEach(i -> store.add(trace(i).spans()));

    assertThat(store.search(TraceQuery.latest(100)))
        .extracting(TraceSummary::traceId)
        .containsExactly(id(10), id(9), id(8), id(7), id(6), id(5), id(4));
    assertThat(store.search(TraceQuery.latest(100))).allMatch(trace -> trace.spans() == 13);
    StoreCounts counts = store.counts();
    assertThat(counts.heldSpans()).isEqualTo(91);
    assertThat(counts.evictedTraces()).isEqualTo(3);
    assertThat(counts.stored()).isEqualTo(counts.heldSpans() + counts.evictedSpans());
  }

  @Test
  void theOldestTracesGoWholeWhenTheSpansAreTooLarge() {
    TraceStore small = new TraceStore(new StoreConfig(1_000_000, 200_000));

    IntStream.rangeClosed(1, 50).forEach(i -> small.add(trace(i).spans()));

    assertThat(small.counts().heldBytes()).isLessThanOrEqualTo(200_000);
    assertThat(small.counts().heldTraces()).isBetween(5, 49);
    assertThat(small.search(TraceQuery.latest(100))).allMatch(trace -> trace.spans() == 13);
    assertThat(small.trace(id(50))).isPresent();
    assertThat(small.trace(id(1))).isEmpty();
  }

  @Test
  void namesKeysAndProcessesCountTowardsTheBound() {
    String large = "x".repeat(100_000);
    Map<String, Object> attributes = Map.of(large, 1L);
    assertThat(heldOf(40, plain -> span(plain, large, Map.of(), Map.of()))).isBetween(5, 10);
    assertThat(heldOf(40, plain -> span(plain, "n", attributes, Map.of()))).isBetween(5, 10);
    assertThat(heldOf(40, plain -> span(plain, "n", Map.of(), attributes))).isBetween(5, 10);
  }

  @Test
  void oneEndlessTraceDoesNotPushOutTheOthers() {
    store.add(trace(1).spans());
    SampleTrace endless = SampleTrace.empty(id(2), 0);
    IntStream.range(0, 500).forEach(i -> endless.root("step", i, i + 1));

    int refused = store.add(endless.stored().spans());

    assertThat(refused).isEqualTo(475);
    assertThat(store.counts().refused()).isEqualTo(475);
    assertThat(store.trace(id(1))).isPresent();
    assertThat(store.trace(id(2)).orElseThrow().spans()).hasSize(25);
  }

  @Test
  void whatWasHandedOutStaysAfterEviction() {
    store.add(trace(1).spans());
    StoredTrace held = store.trace(id(1)).orElseThrow();
    IntStream.rangeClosed(2, 20).forEach(i -> store.add(trace(i).spans()));

    assertThat(store.trace(id(1))).isEmpty();
    assertThat(held.spans()).hasSize(13);
    assertThatThrownBy(() -> held.spans().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> held.root().attributes().put("a", "b"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void searchesByServiceOperationDurationErrorTagAndText() {
    store.add(trace(1).spans());
    SampleTrace failing = SampleTrace.empty(id(2), 5_000);
    failing.any(
        "other",
        failing
            .span("embed", null, 0, 900)
            .setStatus(SampleTrace.failure("KV cache exhausted"))
            .addAttributes(SampleTrace.text("user", "Ada")));
    store.add(failing.stored().spans());
    TraceQuery all = TraceQuery.latest(10);

    assertThat(ids(all)).containsExactly(id(2), id(1));
    assertThat(ids(all.withSpan(SpanQuery.ANY.withService("serving-other"))))
        .containsExactly(id(2));
    assertThat(ids(all.withSpan(SpanQuery.ANY.withOperation("DECODE")))).containsExactly(id(1));
    assertThat(
            ids(all.withSpan(SpanQuery.ANY.withService("serving-other").withOperation("DECODE"))))
        .isEmpty();
    assertThat(ids(all.withErrorsOnly(true))).containsExactly(id(2));
    assertThat(ids(all.withDuration(new Range(1_000, Long.MAX_VALUE)))).containsExactly(id(1));
    assertThat(ids(all.withStart(new Range(0, 4_000)))).containsExactly(id(1));
    assertThat(ids(all.withSpan(tags("user", "Ada")))).containsExactly(id(2));
    assertThat(ids(all.withSpan(tags("error", "true")))).containsExactly(id(2));
    assertThat(ids(all.withSpan(tags("tp_rank", "1", "thread_label", "worker"))))
        .containsExactly(id(1));
    assertThat(ids(all.withText("kv CACHE"))).containsExactly(id(2));
    assertThat(ids(all.withText("ada"))).containsExactly(id(2));
    assertThat(ids(all.withText("prefill"))).containsExactly(id(1));
    assertThat(ids(all.withText(id(1).substring(4)))).containsExactly(id(1));
    assertThat(ids(TraceQuery.latest(1))).containsExactly(id(2));
  }

  @Test
  void summarisesATrace() {
    SampleTrace sample = SampleTrace.chat(id(1), 1_000);
    sample.any(
        "frontend",
        sample.span("lost", "00000000000000ff", 0, 1).setStatus(SampleTrace.failure("gone")));
    store.add(sample.stored().spans());

    TraceSummary summary = store.search(TraceQuery.latest(1)).get(0);

    assertThat(summary.rootName()).isEqualTo("POST /v1/chat/completions");
    assertThat(summary.rootService()).isEqualTo("serving-frontend");
    assertThat(summary.spans()).isEqualTo(14);
    assertThat(summary.errors()).isEqualTo(1);
    assertThat(summary.orphans()).isEqualTo(1);
    assertThat(summary.services())
        .extracting(TraceSummary.ServiceCount::name, TraceSummary.ServiceCount::spans)
        .containsExactly(
            tuple("serving-engine", 5), tuple("serving-frontend", 6), tuple("serving-worker-1", 3));
  }

  @Test
  void manyThreadsMayAddAndRead() {
    TraceStore shared = new TraceStore(new StoreConfig(400, MANY_BYTES));
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      int first = writer * 1_000;
      writers.add(
          CompletableFuture.runAsync(
              () ->
                  IntStream.rangeClosed(first + 1, first + 200)
                      .forEach(
                          i -> {
                            shared.add(trace(i).spans());
                            shared.search(TraceQuery.latest(5).withText("decode"));
                          })));
    }

    writers.forEach(CompletableFuture::join);

    StoreCounts counts = shared.counts();
    assertThat(counts.stored()).isEqualTo(4 * 200 * 13);
    assertThat(counts.heldSpans()).isEqualTo(390);
    assertThat(counts.evictedSpans()).isEqualTo(counts.stored() - 390);
    assertThat(shared.search(TraceQuery.latest(1_000))).allMatch(trace -> trace.spans() == 13);
  }

  /** How many of so many traces of one span a store of 1 MB holds in the end. */
  private static int heldOf(int traces, IntFunction<StoredSpan> spanOf) {
    TraceStore small = new TraceStore(new StoreConfig(1_000, 1_000_000));
    IntStream.rangeClosed(1, traces).forEach(i -> small.add(List.of(spanOf.apply(i))));
    return small.counts().heldTraces();
  }

  private static StoredSpan span(
      int trace, String name, Map<String, Object> attributes, Map<String, Object> resource) {
    return new StoredSpan(
        id(trace),
        "00000000000000ff",
        "",
        "",
        0,
        name,
        SpanKind.INTERNAL,
        1,
        2,
        attributes,
        List.of(),
        List.of(),
        SpanStatus.NONE,
        new SpanResource(resource),
        SpanScope.NONE);
  }

  private static SpanQuery tags(String... keysAndValues) {
    return SpanQuery.ANY.withAttributes(
        IntStream.range(0, keysAndValues.length / 2)
            .mapToObj(i -> AttributeFilter.equal(keysAndValues[2 * i], keysAndValues[2 * i + 1]))
            .toList());
  }

  private List<String> ids(TraceQuery query) {
    return store.search(query).stream().map(TraceSummary::traceId).toList();
  }

  private static StoredTrace trace(int number) {
    return SampleTrace.chat(id(number), 1_000L * number).stored();
  }

  private static String id(int number) {
    return "%032x".formatted(number);
  }
}
