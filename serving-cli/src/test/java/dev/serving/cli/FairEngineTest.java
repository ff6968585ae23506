package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * This shows whom somebody who asks for everything keeps waiting: only himself. One server for all.
 */
final class FairEngineTest {
  private static final int LONG = 200;
  private static final int GREEDY = 16;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration OFTEN = Duration.ofMillis(5);

  private static ServingProcess serving;

  @BeforeAll
  static void start() throws Exception {
    serving = ServingProcess.serveWithKeys("greedy,modest", "--max-num-seqs", "2");
  }

  @AfterAll
  static void end() {
    serving.close();
  }

  /** Eight rounds of long answers are before it, if it has to wait for them. */
  @Test
  void anotherClientsRequestHasItsShareAtOnce() {
    assertIsNotKeptWaiting(() -> ask("modest", LONG));
  }

  @Test
  void aShortAnswerIsNotKeptWaitingByItsClientsLongOnes() {
    assertIsNotKeptWaiting(() -> ask("greedy", 8));
  }

  private static AnswerStream ask(String key, int tokens) {
    return AnswerStream.ofHolder(serving.uri(), key, tokens);
  }

  private static void assertIsNotKeptWaiting(Supplier<AnswerStream> ask) {
    List<AnswerStream> greedy = Stream.generate(() -> ask("greedy", LONG)).limit(GREEDY).toList();
    await()
        .atMost(SOON)
        .pollInterval(OFTEN)
        .until(() -> greedy.stream().anyMatch(one -> one.chunks() > 20));
    AnswerStream modest = ask.get();
    await().atMost(SOON).pollInterval(OFTEN).until(modest::ended);
    assertThat(modest.complete()).isTrue();
    assertThat(greedy).filteredOn(AnswerStream::ended).hasSizeLessThan(GREEDY / 2);
    await().atMost(SOON).until(() -> greedy.stream().allMatch(AnswerStream::ended));
    assertThat(greedy).allMatch(AnswerStream::complete);
  }
}
