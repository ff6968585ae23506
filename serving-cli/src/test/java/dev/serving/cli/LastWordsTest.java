package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.fault.FatalError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process of ours does not outlive one of its threads. */
class LastWordsTest {
  private Process process;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void aThreadThatDiesEndsTheProcess() throws Exception {
    assertThat(wordsOf("dies"))
        .contains("thread 'worker-7' has died: java.lang.OutOfMemoryError")
        .doesNotContain("\tat "); // a stranger may fill a heap, but no log
    assertThat(process.exitValue()).isEqualTo(LastWords.EXIT_CODE);
  }

  @Test
  void soDoesOneThatCaughtWhatItDiedOf() throws Exception {
    assertThat(wordsOf("caught")).contains("thread 'worker-7' has died", "no more loops", "\tat ");
    assertThat(process.exitValue()).isEqualTo(LastWords.EXIT_CODE);
  }

  private String wordsOf(String how) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> line =
        List.of(java, "-cp", System.getProperty("java.class.path"), Half.class.getName(), how);
    process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return words;
  }

  /** A process whose main thread would wait for ever. */
  static final class Half {
    private Half() {}

    public static void main(String[] args) throws InterruptedException {
      LastWords.install();
      new Thread(args[0].equals("dies") ? Half::die : Half::report, "worker-7").start();
      Thread.currentThread().join();
    }

    private static void die() {
      throw new OutOfMemoryError("none left");
    }

    private static void report() {
      FatalError.report(new IllegalStateException("no more loops"));
    }
  }
}
