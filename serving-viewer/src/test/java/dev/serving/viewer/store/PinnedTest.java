package dev.serving.viewer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.SampleTrace;
import dev.serving.viewer.store.TraceStore.Pinning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is pinned stays, whatever comes; and what that may cost. */
class PinnedTest {
  private static final long BYTES = 400_000;

  @TempDir private Path directory;

  @Test
  void aPinnedTraceOutlivesEveryOther() throws Exception {
    TraceStore store = new TraceStore(new StoreConfig(10_000, BYTES));
    store.add(trace(1));
    store.add(trace(2));
    StoredTrace before = store.trace(id(1)).orElseThrow();
    assertThat(store.pin(id(1))).isEqualTo(Pinning.PINNED);

    addUntil(store, 1_500);

    assertThat(store.trace(id(1))).contains(before);
    assertThat(store.trace(id(2))).isEmpty();
    assertThat(store.search(TraceQuery.latest(10).withPinnedOnly(true)))
        .extracting(TraceSummary::traceId)
        .containsExactly(id(1));
    assertThat(
            store.search(TraceQuery.latest(10_000).withSpan(SpanQuery.ANY.withOperation("DECODE"))))
        .filteredOn(found -> found.traceId().equals(id(1)))
        .hasSize(1);
    StoreCounts counts = store.counts();
    assertThat(counts.heldBytes()).isLessThanOrEqualTo(BYTES);
    assertThat(counts.stored()).isEqualTo(counts.heldSpans() + counts.evictedSpans());
    assertThat(counts.pinnedTraces()).isEqualTo(1);
  }

  @Test
  void itStillGrowsAndKnowsWhatItHas() throws Exception {
    TraceStore store = new TraceStore(new StoreConfig(10_000, BYTES));
    store.add(trace(1));
    store.pin(id(1));
    addUntil(store, 1_000);

    SampleTrace more = SampleTrace.chat(id(1), 1_000);
    more.any("engine", more.span("late", "0000000000000001", 0, 5));
    store.add(more.bytes());

    assertThat(store.trace(id(1)).orElseThrow().spans()).hasSize(14);
    assertThat(store.counts().duplicates()).isEqualTo(13);
  }

  @Test
  void whatIsLetGoGoes() throws Exception {
    TraceStore store = new TraceStore(new StoreConfig(10_000, BYTES));
    store.add(trace(1));
    store.pin(id(1));
    assertThat(store.unpin(id(1))).isTrue();

    addUntil(store, 1_000);

    assertThat(store.trace(id(1))).isEmpty();
    assertThat(store.unpin(id(1))).isFalse();
    assertThat(store.pin(id(1))).isEqualTo(Pinning.MISSING);
  }

  @Test
  void pinnedOnesFillAQuarterAtMost() throws Exception {
    TraceStore store = new TraceStore(new StoreConfig(100, 8 << 20));
    for (int i = 1; i <= 3; i++) {
      store.add(trace(i));
    }

    assertThat(store.pin(id(1))).isEqualTo(Pinning.PINNED);
    assertThat(store.pin(id(2))).as("26 of 100 spans").isEqualTo(Pinning.NO_ROOM);
    store.unpin(id(1));
    assertThat(store.pin(id(2))).isEqualTo(Pinning.PINNED);
    assertThat(store.pin(id(2))).as("again").isEqualTo(Pinning.PINNED);
  }

  @Test
  void spansWithoutEndForPinnedTracesDoNotPassTheBounds() throws Exception {
    TraceStore store = new TraceStore(new StoreConfig(400, BYTES));
    for (int i = 1; i <= 7; i++) {
      store.add(trace(i));
      store.pin(id(i));
    }
    for (int i = 0; i < 200; i++) {
      SampleTrace more = SampleTrace.empty(id(1 + i % 7), 1_000);
      for (int span = 0; span < 14 + i; span++) {
        more.any("engine", more.span("more" + i, null, 0, 5));
      }
      store.add(more.bytes());
      assertThat(store.counts().heldSpans()).isLessThanOrEqualTo(400);
      assertThat(store.counts().heldBytes()).isLessThanOrEqualTo(BYTES);
    }
  }

  @Test
  void theNextStartKnowsWhatIsPinned() throws Exception {
    StoreConfig config = new StoreConfig(10_000, BYTES).in(directory.resolve("traces"));
    StoredTrace before;
    try (TraceStore store = new TraceStore(config)) {
      store.add(trace(1));
      store.add(trace(2));
      store.pin(id(1));
      store.pin(id(2));
      store.unpin(id(2));
      before = store.trace(id(1)).orElseThrow();
      for (int i = 10; i < 1_000; i++) {
        store.add(trace(i));
        store.keepUp();
      }
    }
    try (TraceStore again = new TraceStore(config)) {
      assertThat(again.trace(id(1))).contains(before);
      assertThat(again.isPinned(id(1))).isTrue();
      assertThat(again.isPinned(id(2))).isFalse();
      addUntil(again, 1_000);
      assertThat(again.trace(id(1))).contains(before);
    }
    try (TraceStore third = new TraceStore(config)) {
      assertThat(third.trace(id(1))).contains(before);
    }
  }

  @Test
  void ageDoesNotTouchThem() throws Exception {
    StoreConfig config = new StoreConfig(10_000, BYTES).in(directory.resolve("traces"));
    try (TraceStore store = new TraceStore(config)) {
      store.add(trace(1));
      store.add(trace(2));
      store.pin(id(1));
    }
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    try (Stream<Path> files = Files.list(directory.resolve("traces"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".spans")).toList()) {
        Files.setLastModifiedTime(file, old);
      }
    }
    try (TraceStore again = new TraceStore(config)) {
      again.keepUp();
      assertThat(again.trace(id(1)).orElseThrow().spans()).hasSize(13);
      assertThat(again.trace(id(2))).isEmpty();
    }
  }

  private static void addUntil(TraceStore store, int number) throws MalformedSpansException {
    for (int i = 10; i < number; i++) {
      store.add(trace(i));
    }
  }

  private static byte[] trace(int number) {
    return SampleTrace.chat(id(number), 1_000L * number).bytes();
  }

  private static String id(int number) {
    return "%032x".formatted(number);
  }
}
