package dev.serving.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Shows that the processor time of a process is what its threads took, told by level. */
@EnabledOnOs(OS.LINUX)
class ProcessTimesTest {
  private static final long WORK = 50_000_000;

  private final long self = ProcessHandle.current().pid();

  @Test
  void seesWhatAThreadTook() throws IOException {
    ProcessTimes before = ProcessTimes.of(self);
    work();
    ProcessTimes taken = ProcessTimes.of(self).minus(before);

    // The kernel brings a running thread's account up to date each tick, of 10 ms at most.
    assertThat(taken.runNanos()).isGreaterThan(WORK - 20_000_000);
  }

  @Test
  void tellsItForTheLevelAtWhichItWasTaken() throws IOException {
    LevelTimes times = new LevelTimes(Map.of("this one", self));
    times.begin();
    work();
    times.end(2, 10);

    assertThat(times.table().lines().filter(line -> line.contains("this one")))
        .hasSize(LevelSpeeds.LEVELS)
        .anyMatch(line -> line.matches("this one +2 +\\d{4,}\\.\\d+ .*"))
        .anyMatch(line -> line.matches("this one +off +0\\.00 +0\\.00 +0\\.00"));
    assertThat(times.shares(100).lines())
        .contains("level 1: the server's processes 0.00 %, clients and receiver 0.00 %")
        .noneMatch(line -> line.startsWith("level 2: the server's processes 0.00 %"));
  }

  @Test
  void refusesAProcessThatIsNotThere() {
    assertThatThrownBy(() -> ProcessTimes.of(Long.MAX_VALUE))
        .isInstanceOf(NoSuchFileException.class);
  }

  private static void work() {
    var threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + WORK;
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }
}
