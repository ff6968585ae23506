package dev.serving.viewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.serving.viewer.SampleTrace;
import dev.serving.viewer.store.TraceQuery.Range;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a store promises. */
class TraceStoreTest {
  private static final long MANY_BYTES = 1L << 40;

  private final TraceStore store = new TraceStore(new StoreConfig(100, MANY_BYTES));

  @Test
  void aTraceGrowsAsItsSpansArriveInAnyOrder() {
    SampleTrace sample = SampleTrace.chat(id(1), 1_000);
    List<ExportTraceServiceRequest> parts =
        sample.request().getResourceSpansList().stream()
            .map(part -> ExportTraceServiceRequest.newBuilder().addResourceSpans(part).build())
            .toList();
    add(store, parts.get(2).toByteArray());
    StoredTrace third = store.trace(id(1)).orElseThrow();
    add(store, parts.get(0).toByteArray());
    add(store, parts.get(1).toByteArray());

    assertThat(third.spans()).hasSize(3);
    assertThat(store.trace(id(1)).orElseThrow().spans())
        .hasSize(13)
        .isSortedAccordingTo(Comparator.comparingLong(StoredSpan::startNanos))
        .containsAll(third.spans());
  }

  @Test
  void anUnknownTraceIsEmpty() {
    assertThat(store.trace(id(9))).isEmpty();
    assertThat(store.search(TraceQuery.latest(10))).isEmpty();
    assertThat(store.services()).isEmpty();
  }

  @Test
  void aSpanThatComesTwiceIsKeptOnce() {
    assertThat(add(store, trace(1)).rejected()).isZero();
    assertThat(add(store, trace(1)).rejected()).isZero();

    assertThat(store.trace(id(1)).orElseThrow().spans()).hasSize(13);
    assertThat(store.counts().duplicates()).isEqualTo(13);
  }

  @Test
  void theOldestTracesGoWholeWhenThereAreTooManySpans() {
    IntStream.rangeClosed(1, 10).forEach(i -> add(store, trace(i)));

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

    IntStream.rangeClosed(1, 50).forEach(i -> add(small, trace(i)));

    assertThat(small.counts().heldBytes()).isLessThanOrEqualTo(200_000);
    assertThat(small.counts().heldTraces()).isBetween(5, 49);
    assertThat(small.search(TraceQuery.latest(100))).allMatch(trace -> trace.spans() == 13);
    assertThat(small.trace(id(50))).isPresent();
    assertThat(small.trace(id(1))).isEmpty();
  }

  @Test
  void namesKeysAndProcessesCountTowardsTheBound() {
    String large = "x".repeat(100_000);
    assertThat(heldOf(40, trace -> trace.root(large, 0, 1))).isBetween(5, 10);
    assertThat(
            heldOf(
                40,
                trace ->
                    trace.any(
                        "engine",
                        trace.span("n", null, 0, 1).addAttributes(SampleTrace.text(large, "v")))))
        .isBetween(5, 10);
    assertThat(heldOf(40, trace -> trace.any(large, trace.span("n", null, 0, 1)))).isBetween(2, 10);
  }

  @Test
  void oneEndlessTraceDoesNotPushOutTheOthers() {
    add(store, trace(1));
    SampleTrace endless = SampleTrace.empty(id(2), 0);
    IntStream.range(0, 500).forEach(i -> endless.root("step", i, i + 1));

    TraceStore.Taken taken = add(store, endless.bytes());

    assertThat(taken.rejected()).isEqualTo(475);
    assertThat(taken.reason()).isEqualTo("475 spans belong to a trace that is too large");
    assertThat(store.counts().refused()).isEqualTo(475);
    assertThat(store.trace(id(1))).isPresent();
    assertThat(store.trace(id(2)).orElseThrow().spans()).hasSize(25);
  }

  @Test
  void whatWasHandedOutStaysAfterEviction() {
    add(store, trace(1));
    StoredTrace held = store.trace(id(1)).orElseThrow();
    IntStream.rangeClosed(2, 20).forEach(i -> add(store, trace(i)));

    assertThat(store.trace(id(1))).isEmpty();
    assertThat(held.spans()).hasSize(13);
    assertThatThrownBy(() -> held.spans().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> held.root().attributes().put("a", "b"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void searchesByServiceOperationDurationErrorTagAndText() {
    add(store, trace(1));
    SampleTrace failing = SampleTrace.empty(id(2), 5_000);
    failing.any(
        "other",
        failing
            .span("embed", null, 0, 900)
            .setStatus(SampleTrace.failure("KV cache exhausted"))
            .addAttributes(SampleTrace.text("user", "Ada")));
    add(store, failing.bytes());
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
  void whatIsRareIsFoundAmongManyBlocksAndWhatIsCommonByTime() {
    TraceStore large = new TraceStore(new StoreConfig(1_000_000, 4 << 20));
    for (int i = 1; i <= 300; i++) {
      SampleTrace sample = SampleTrace.chat(id(i), 1_000L * i);
      sample.any(
          "engine",
          sample
              .span("extra", null, 0, 7)
              .addAttributes(SampleTrace.text("only", "v" + i))
              .addAttributes(SampleTrace.number("half", i % 2))
              .addAttributes(SampleTrace.list("reasons", "stop", "r" + i)));
      add(large, sample.bytes());
    }
    TraceQuery all = TraceQuery.latest(3);

    assertThat(large.counts().heldTraces()).isEqualTo(300);
    for (int i = 1; i <= 300; i++) {
      assertThat(large.search(all.withSpan(tags("only", "v" + i))))
          .extracting(TraceSummary::traceId)
          .containsExactly(id(i));
    }
    assertThat(large.search(all.withSpan(tags("half", "1"))))
        .extracting(TraceSummary::traceId)
        .containsExactly(id(299), id(297), id(295));
    assertThat(large.search(all.withSpan(tags("half", "1.0")))).hasSize(3);
    assertThat(large.search(all.withSpan(tags("half", "1", "only", "v2")))).isEmpty();
    assertThat(large.search(all.withSpan(tags("half", "0", "only", "v2")))).hasSize(1);
    assertThat(large.search(all.withSpan(tags("reasons", "[\"stop\",\"r9\"]")))).hasSize(1);
    assertThat(large.search(all.withText("R217"))).hasSize(1);
    assertThat(large.search(all.withText("nowhere"))).isEmpty();
    assertThat(large.search(all.withSpan(tags("thread_label", "worker").withOperation("extra"))))
        .isEmpty();
  }

  @Test
  void aSpanOfEndlessAttributesIsRefusedAndItsTraceGoesOn() {
    SampleTrace sample = SampleTrace.empty(id(1), 0);
    Span.Builder endless = sample.span("endless", null, 0, 1);
    IntStream.range(0, 20_001).forEach(i -> endless.addAttributes(KeyValue.getDefaultInstance()));
    sample.any("engine", endless);
    sample.root("good", 0, 1);

    TraceStore.Taken taken = add(store, sample.bytes());

    assertThat(taken.rejected()).isEqualTo(1);
    assertThat(taken.reason()).contains("20000 attributes");
    assertThat(store.trace(id(1)).orElseThrow().spans()).hasSize(1);
  }

  @Test
  void servicesAndOperationsGoWithTheLastSpanThatHadThem() {
    TraceStore small = new TraceStore(new StoreConfig(1_000_000, 300_000));
    SampleTrace first = SampleTrace.empty(id(1), 0);
    first.any("passing", first.span("once", null, 0, 1));
    add(small, first.bytes());
    assertThat(small.services()).containsExactly("serving-passing");
    assertThat(Operations.names(small, "serving-passing")).containsExactly("once");

    IntStream.rangeClosed(2, 200).forEach(i -> add(small, trace(i)));

    assertThat(small.services())
        .containsExactly("serving-engine", "serving-frontend", "serving-worker-1");
    assertThat(Operations.names(small, "")).doesNotContain("once").contains("DECODE");
  }

  @Test
  void bytesThatAreCutOrTurnedNeverBreakIt() {
    byte[] good = trace(1);
    Random random = new Random(5);
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int turned = random.nextInt(4); turned > 0; turned--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        store.add(bad);
      } catch (MalformedSpansException e) {
        assertThat(e).hasMessageStartingWith("it ");
      }
    }
    // Whatever was taken can be read.
    store.search(TraceQuery.latest(1_000).withText("{")).forEach(s -> assertThat(s).isNotNull());
    assertThat(store.counts().heldSpans()).isPositive();
  }

  @Test
  void summarisesATrace() {
    SampleTrace sample = SampleTrace.chat(id(1), 1_000);
    sample.any(
        "frontend",
        sample.span("lost", "00000000000000ff", 0, 1).setStatus(SampleTrace.failure("gone")));
    add(store, sample.bytes());

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
                            add(shared, trace(i));
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
  private static int heldOf(int traces, Consumer<SampleTrace> span) {
    TraceStore small = new TraceStore(new StoreConfig(1_000, 1_000_000));
    for (int i = 1; i <= traces; i++) {
      SampleTrace trace = SampleTrace.empty(id(i), 1_000);
      span.accept(trace);
      add(small, trace.bytes());
      assertThat(small.counts().heldBytes()).isLessThan(1_000_000);
    }
    return small.counts().heldTraces();
  }

  private static TraceStore.Taken add(TraceStore store, byte[] request) {
    try {
      return store.add(request);
    } catch (MalformedSpansException e) {
      throw new AssertionError(e);
    }
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

  private static byte[] trace(int number) {
    return SampleTrace.chat(id(number), 1_000L * number).bytes();
  }

  private static String id(int number) {
    return "%032x".formatted(number);
  }
}
