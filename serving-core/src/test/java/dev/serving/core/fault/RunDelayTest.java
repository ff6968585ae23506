package dev.serving.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the files of {@code /proc/PID/task} say of who was not let run. */
final class RunDelayTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  @TempDir private Path tasks;

  private void task(int number, char state, long ranNanos, long waitedNanos) throws IOException {
    Path task = Files.createDirectories(tasks.resolve(Integer.toString(number)));
    Files.writeString(task.resolve("schedstat"), ranNanos + " " + waitedNanos + " 7\n");
    Files.writeString(task.resolve("stat"), number + " (a) R (name) " + state + " 1 2 3 0 -1\n");
  }

  private Duration meanwhile(RunDelay before) {
    return RunDelay.read(tasks, SECOND).since(before);
  }

  @Test
  void theThreadThatWaitedLongestCounts() throws IOException {
    task(1, 'S', 1_000, 5_000_000);
    task(2, 'S', 1_000, 9_000_000);
    RunDelay before = RunDelay.read(tasks, 0);
    task(1, 'S', 1_100, 605_000_000);
    task(2, 'R', 1_100, 9_000_000);
    assertThat(meanwhile(before)).isEqualTo(Duration.ofMillis(600));
  }

  @Test
  void whoIsReadyAndNeverRunsWaits() throws IOException {
    task(1, 'R', 1_000, 5_000_000);
    RunDelay before = RunDelay.read(tasks, 0);
    assertThat(meanwhile(before)).isEqualTo(Duration.ofSeconds(1));
    task(1, 'R', 2_000, 5_000_000);
    assertThat(meanwhile(before)).isZero();
  }

  @Test
  void whoIsStoppedOrWaitsForSomethingElseWantsNoCore() throws IOException {
    task(1, 'T', 1_000, 5_000_000);
    task(2, 'S', 1_000, 5_000_000);
    assertThat(meanwhile(RunDelay.read(tasks, 0))).isZero();
  }

  @Test
  void threadsThatComeAndGoAndFilesThatAreOddSayNothing() throws IOException {
    task(1, 'S', 1_000, 0);
    RunDelay before = RunDelay.read(tasks, 0);
    Files.delete(tasks.resolve("1/stat"));
    task(2, 'S', 1_000, SECOND);
    Files.writeString(Files.createDirectory(tasks.resolve("3")).resolve("schedstat"), "none\n");
    assertThat(meanwhile(before)).isZero();
    assertThat(RunDelay.read(tasks.resolve("4"), 0).threads()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessOfThisMachineIsRead() {
    RunDelay now = RunDelay.of(ProcessHandle.current().pid());
    assertThat(now.threads()).hasSizeGreaterThan(2);
    assertThat(now.threads().values()).anyMatch(task -> task.ranNanos() > 0);
  }
}
