package dev.serving.viewer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.viewer.SampleTrace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store with a directory still has after its process ended, whichever way. */
class KeptStoreTest {
  @TempDir private Path temporary;

  @Test
  void everythingIsThereAgainAndCanBeFound() throws Exception {
    StoredTrace before;
    List<TraceSummary> list;
    try (TraceStore store = new TraceStore(config(8 << 20))) {
      for (int i = 1; i <= 100; i++) {
        store.add(trace(i));
      }
      before = store.trace(id(50)).orElseThrow();
      list = store.search(TraceQuery.latest(200));
    }

    try (TraceStore again = new TraceStore(config(8 << 20))) {
      assertThat(again.trace(id(50))).contains(before);
      assertThat(again.search(TraceQuery.latest(200))).isEqualTo(list);
      assertThat(
              again.search(TraceQuery.latest(200).withSpan(SpanQuery.ANY.withOperation("DECODE"))))
          .hasSize(100);
      assertThat(again.services()).contains("serving-engine");
      // It goes on where it was: duplicates are known, and what is new joins what is old.
      again.add(trace(50));
      again.add(trace(101));
      assertThat(again.counts().heldSpans()).isEqualTo(101 * 13);
      assertThat(again.counts().duplicates()).isEqualTo(13);
    }
    try (TraceStore third = new TraceStore(config(8 << 20))) {
      assertThat(third.counts().heldTraces()).isEqualTo(101);
    }
  }

  @Test
  void aProcessThatIsGoneWithoutAWordLosesWhatItHadNotKeptUp() throws Exception {
    TraceStore store = new TraceStore(config(8 << 20));
    store.add(trace(1));
    store.keepUp();
    store.add(trace(2));
    copy(directory(), temporary.resolve("crashed"));
    store.close();

    try (TraceStore again =
        new TraceStore(new StoreConfig(10_000, 8 << 20).in(temporary.resolve("crashed")))) {
      assertThat(again.trace(id(1))).isPresent();
      assertThat(again.trace(id(2))).isEmpty();
    }
  }

  @Test
  void aStretchThatWasCutOrTurnedIsLeftOut() throws Exception {
    try (TraceStore store = new TraceStore(config(8 << 20))) {
      store.add(trace(1));
      store.keepUp();
      store.add(trace(2));
    }
    Path file = blocks().get(0);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(bytes.length() - 3);
    }
    try (TraceStore again = new TraceStore(config(8 << 20))) {
      assertThat(again.trace(id(1)).orElseThrow().spans()).hasSize(13);
      assertThat(again.trace(id(2))).isEmpty();
      again.add(trace(2));
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(100);
      bytes.write(~bytes.read());
    }
    try (TraceStore third = new TraceStore(config(8 << 20))) {
      assertThat(third.trace(id(1))).isEmpty();
      assertThat(third.trace(id(2)).orElseThrow().spans()).hasSize(13);
    }
  }

  @Test
  void whatIsEvictedLeavesTheDisk() throws Exception {
    try (TraceStore store = new TraceStore(config(300_000))) {
      for (int i = 1; i <= 300; i++) {
        store.add(trace(i));
        store.keepUp();
      }
      assertThat(sizeOnDisk()).isLessThan(320_000);
    }
    try (TraceStore again = new TraceStore(config(300_000))) {
      assertThat(again.trace(id(1))).isEmpty();
      assertThat(again.trace(id(300))).isPresent();
      assertThat(again.search(TraceQuery.latest(1_000)))
          .isNotEmpty()
          .allMatch(found -> found.spans() == 13);
    }
  }

  @Test
  void whatIsTooOldGoes() throws Exception {
    try (TraceStore store = new TraceStore(config(8 << 20))) {
      store.add(trace(1));
    }
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    Files.setLastModifiedTime(blocks().get(0), old);
    try (TraceStore again = new TraceStore(config(8 << 20))) {
      again.add(trace(2));
      again.keepUp();
      assertThat(again.trace(id(1))).isEmpty();
      assertThat(again.trace(id(2))).isPresent();
    }
    assertThat(blocks()).hasSize(1);
  }

  @Test
  void oneStoreAtATimeUsesADirectoryAndOnlyItsOwnerReadsIt() throws Exception {
    try (TraceStore store = new TraceStore(config(8 << 20))) {
      store.add(trace(1));
      assertThatThrownBy(() -> new TraceStore(config(8 << 20)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage("traces cannot be kept in " + directory())
          .hasRootCauseMessage(directory() + ": another viewer uses it");
    }
    assertThat(Files.getPosixFilePermissions(directory()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    Path file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> new TraceStore(StoreConfig.DEFAULT.in(file)))
        .hasMessageContaining("traces cannot be kept in " + file);
  }

  private StoreConfig config(long maxBytes) {
    return new StoreConfig(10_000, maxBytes).in(directory());
  }

  private Path directory() {
    return temporary.resolve("traces");
  }

  private List<Path> blocks() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.filter(file -> file.toString().endsWith(".spans")).sorted().toList();
    }
  }

  private long sizeOnDisk() throws IOException {
    long size = 0;
    for (Path file : blocks()) {
      size += Files.size(file);
    }
    return size;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static byte[] trace(int number) {
    return SampleTrace.chat(id(number), 1_000L * number).bytes();
  }

  private static String id(int number) {
    return "%032x".formatted(number);
  }
}
