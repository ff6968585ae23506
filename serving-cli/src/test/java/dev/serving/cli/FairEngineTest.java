package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** This shows whom somebody who asks for everything keeps waiting: only himself. */
final class FairEngineTest {
  private static final int LONG = 460;
  private static final int GREEDY = 16;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Eight rounds of long answers are before it, if it has to wait for them. */
  @Test
  void anotherClientsRequestHasItsShareAtOnce() throws Exception {
    try (ServingProcess serving =
        ServingProcess.serveWithKeys("greedy,modest", "--max-num-seqs", "2")) {
      URI uri = serving.uri();
      assertIsNotKeptWaiting(
          many(() -> AnswerStream.ofHolder(uri, "greedy", LONG)),
          () -> AnswerStream.ofHolder(uri, "modest", LONG));
    }
  }

  @Test
  void aShortAnswerIsNotKeptWaitingByItsClientsLongOnes() throws Exception {
    try (ServingProcess serving = ServingProcess.serve("--max-num-seqs", "2")) {
      URI uri = serving.uri();
      assertIsNotKeptWaiting(many(() -> AnswerStream.of(uri, LONG)), () -> AnswerStream.of(uri, 8));
    }
  }

  private static List<AnswerStream> many(Supplier<AnswerStream> ask) {
    return Stream.generate(ask).limit(GREEDY).toList();
  }

  private static void assertIsNotKeptWaiting(
      List<AnswerStream> greedy, Supplier<AnswerStream> ask) {
    await().atMost(SOON).until(() -> greedy.stream().anyMatch(one -> one.chunks() > 20));
    AnswerStream modest = ask.get();
    await().atMost(SOON).until(modest::ended);
    assertThat(modest.complete()).isTrue();
    assertThat(greedy).filteredOn(AnswerStream::ended).hasSizeLessThan(GREEDY / 2);
    await().atMost(SOON).until(() -> greedy.stream().allMatch(AnswerStream::ended));
    assertThat(greedy).allMatch(AnswerStream::complete);
  }
}
