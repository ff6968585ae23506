package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * This shows what of a process's traces survives its sudden death. A copy of the journal stands for
 * a process that was killed at that moment: nobody holds its lock.
 */
final class JournalTest {
  private static final long T = TraceRecorder.T;

  @RegisterExtension final TraceRecorder survivor = new TraceRecorder();
  @TempDir private Path directory;
  private Path journal;
  private RealTracing victim;
  private TraceReqContext root;

  @BeforeEach
  void start() {
    journal = directory.resolve("victim");
    victim = victim(journal);
    victim.threadInfo("worker", 1, 0);
    root = survivor.tracing().startRequest(TraceReqStart.of("r").withSpanName("POST /"));
  }

  private RealTracing victim(Path file) {
    TracingConfig nowhere =
        TracingConfig.builder()
            .enabled(true)
            .level(3)
            .endpoint("http://127.0.0.1:9")
            .batch(batch -> batch.withShutdown(Duration.ofMillis(1)))
            .build();
    return TracingStart.start(nowhere, file, TraceClock.saying(survivor.clock::get));
  }

  private int kill() throws IOException {
    Path copy = Files.copy(journal, directory.resolve("copy"));
    int recovered = survivor.tracing().recover(copy, "killed");
    assertThat(copy).doesNotExist();
    victim.close();
    root.finish();
    return recovered;
  }

  @Test
  void lanesAndStagesThatWereOpenAreToldAsTruncated() throws IOException {
    survivor.clock.set(T + 10);
    TraceThreadContext lane = victim.joinRequest("r", root.carrier(), 0).lane();
    lane.slice("PREFILL", T + 20).end(T + 30);
    lane.slice("DECODE", T + 30);
    survivor.clock.set(T + 50);
    lane.slice("step", TraceLevel.DETAILS, T + 40).end();
    survivor.clock.set(T + 90); // nobody looked at the clock: the victim was dead by then

    assertThat(kill()).isEqualTo(3);

    SeenSpan dead = survivor.span("worker");
    assertThat(dead.isChildOf(survivor.span("POST /"))).isTrue();
    assertThat(dead.attributes())
        .containsEntry("tp_rank", 1L)
        .containsEntry("abort_reason", "killed");
    assertThat(List.of(dead.start(), dead.end())).containsExactly(T + 10, T + 50);
    SeenSpan open = survivor.span("DECODE");
    assertThat(open.isChildOf(dead) && open.truncated()).isTrue();
    assertThat(open.linksTo(survivor.span("PREFILL"))).isTrue();
    assertThat(survivor.span("PREFILL").end()).isEqualTo(T + 30);
  }

  @Test
  void itComesFromTheProcessThatDied() throws IOException {
    victim.joinRequest("r", root.carrier(), 0).lane();
    kill();
    assertThat(survivor.span("worker").resource())
        .containsEntry(
            "service.instance.id",
            victim.resource().getAttribute(AttributeKey.stringKey("service.instance.id")));
  }

  @Test
  void whatNobodyRefersToIsNotNoted() throws IOException {
    TraceThreadContext lane = victim.joinRequest("r", root.carrier(), 0).lane();
    TraceSlice schedule = lane.slice("SCHEDULE");
    TraceSlice leaf = lane.slice("dispatch");
    leaf.end();
    TraceSlice branch = lane.slice("branch");
    lane.slice("twig").end();
    assertThat(kill()).isEqualTo(3);
    assertThat(survivor.names()).contains("worker", "SCHEDULE", "branch");
    assertThat(schedule.recording() || branch.recording()).isFalse();
  }

  @Test
  void aCleanEndLeavesNothingBehind() {
    victim.joinRequest("r", root.carrier(), 0).lane().finish(0);
    victim.close();
    assertThat(journal).doesNotExist();
    assertThat(survivor.tracing().recover(journal, "killed")).isZero();
    root.finish();
  }

  @Test
  void theLivingAreLeftAlone() {
    victim.joinRequest("r", root.carrier(), 0).lane().finish(0);
    assertThat(survivor.tracing().recover(journal, "killed")).isZero();
    assertThat(journal).exists();
    victim.close();
    root.finish();
  }

  @Test
  void whatFindsNoRoomIsCounted() {
    TraceReqContext request = victim.joinRequest("r", root.carrier(), 0);
    for (int i = FileJournal.FIRST; i < FileJournal.ENTRIES; i++) {
      request.newLane();
    }
    assertThat(victim.metrics().faults(TraceFault.NO_ROOM)).isZero();
    request.newLane().slice("SCHEDULE").end();
    assertThat(victim.metrics().faults(TraceFault.NO_ROOM)).isEqualTo(2);
    request.finish();
    victim.close();
    root.finish();
  }

  @Test
  void aDirectoryThatIsNotThereIsCounted() {
    RealTracing homeless = victim(directory.resolve("nowhere").resolve("journal"));
    assertThat(homeless.metrics().faults(TraceFault.JOURNAL)).isEqualTo(1);
    homeless.close();
    victim.close();
    root.finish();
  }

  @Test
  void aFileThatIsNoJournalIsCountedAtMost() throws IOException {
    for (int size : new int[] {0, 7, 4096}) {
      Path garbage = Files.write(directory.resolve("garbage" + size), new byte[size]);
      assertThat(survivor.tracing().recover(garbage, "killed")).isZero();
    }
    victim.close();
    root.finish(0, Attributes.empty());
  }
}
