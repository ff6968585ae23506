package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * This shows what is done by clients' keys: whom somebody who asks for everything keeps waiting
 * (only himself), and who does not see them. One server for all. Who came and went before whom is
 * read from the engine's own log: no clock and no thread of a client has a say in it.
 */
final class FairEngineTest {
  private static final int LONG = 200;
  private static final int GREEDY = 16;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration OFTEN = Duration.ofMillis(5);
  private static final Pattern ID = Pattern.compile("\"id\":\\s*\"([^\"]+)\"");

  @TempDir private static Path directory;
  private static Path log;
  private static ServingProcess serving;

  @BeforeAll
  static void start() throws Exception {
    log = directory.resolve("log");
    serving = ServingProcess.serveWithKeys("greedy,modest", log, "--max-num-seqs", "2");
  }

  @AfterAll
  static void end() {
    serving.close();
  }

  /** Seven rounds of long answers are before it, if it has to wait for them. */
  @Test
  void anotherClientsRequestHasItsShareAtOnce() throws Exception {
    assertIsNotKeptWaiting(() -> ask("modest", LONG));
  }

  @Test
  void aShortAnswerIsNotKeptWaitingByItsClientsLongOnes() throws Exception {
    assertIsNotKeptWaiting(() -> ask("greedy", 8));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void keysAreNotInTheEnvironmentOfChildren() throws Exception {
    List<ProcessHandle> children = serving.process().descendants().toList();
    assertThat(children).isNotEmpty();
    for (ProcessHandle child : children) {
      Path environment = Path.of("/proc", Long.toString(child.pid()), "environ");
      assertThat(Files.readString(environment, StandardCharsets.ISO_8859_1))
          .contains("PATH=")
          .doesNotContain("greedy", "modest");
    }
    assertThat(serving.post("/v1/completions", "{}").statusCode()).isEqualTo(401);
  }

  private static AnswerStream ask(String key, int tokens) {
    return AnswerStream.ofHolder(serving.uri(), key, tokens);
  }

  /** In a crowd; one that had shrunk when the request came shows nothing, and is tried again. */
  private static void assertIsNotKeptWaiting(Supplier<AnswerStream> ask) throws Exception {
    try (Crowd crowd = new Crowd()) {
      int before;
      int meanwhile;
      do {
        crowd.awaitAnswers();
        AnswerStream modest = ask.get();
        await().atMost(SOON).pollInterval(OFTEN).until(modest::ended);
        assertThat(modest.complete()).isTrue();
        Matcher id = ID.matcher(modest.text());
        assertThat(id.find()).isTrue();
        await().atMost(SOON).until(() -> position("INFERENCE_END", id.group(1)) >= 0);
        int came = position("REQUEST_QUEUE_START", id.group(1));
        int went = position("INFERENCE_END", id.group(1));
        before = open(came) - 1;
        meanwhile = count("INFERENCE_END", came, went);
      } while (before < GREEDY / 2 + 2);
      assertThat(meanwhile).as("of %d that came before it", before).isLessThan(GREEDY / 2);
      assertThat(crowd.complete()).isTrue();
    }
  }

  /** Where the log has the first event of a request; -1 where it has none. */
  private static int position(String event, String id) throws IOException {
    List<String> lines = events();
    for (int i = 0; i < lines.size(); i++) {
      if (isOf(lines.get(i), event) && lines.get(i).contains("\"" + id)) {
        return i;
      }
    }
    return -1;
  }

  private static int count(String event, int from, int to) throws IOException {
    return (int) events().subList(from, to).stream().filter(line -> isOf(line, event)).count();
  }

  /** How many the engine had after so many events. */
  private static int open(int events) throws IOException {
    return count("REQUEST_SCHEDULE_START", 0, events) - count("INFERENCE_END", 0, events);
  }

  private static boolean isOf(String line, String event) {
    return line.contains("event=\"" + event + "\"");
  }

  /** What the engine alone said, in the order in which it happened there. */
  private static List<String> events() throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith("[engine-0]") && line.contains("event="))
        .toList();
  }

  /** One client with so many long answers open at any time: for each that ends it asks anew. */
  private static final class Crowd implements AutoCloseable {
    private final Queue<AnswerStream> all = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Crowd() {
      for (int i = 0; i < GREEDY; i++) {
        askAnew();
      }
    }

    private void askAnew() {
      if (!closed) {
        all.add(ask("greedy", LONG).whenEnded(this::askAnew));
      }
    }

    /** Waits until some of what is open is being answered, and the rest waits. */
    void awaitAnswers() {
      await()
          .atMost(SOON)
          .pollInterval(OFTEN)
          .until(() -> all.stream().anyMatch(one -> !one.ended() && one.chunks() > 20));
    }

    /** Whether all that ended did so with all their tokens. */
    boolean complete() {
      return all.stream().filter(AnswerStream::ended).allMatch(AnswerStream::complete);
    }

    /** Leaves. */
    @Override
    public void close() {
      closed = true;
      all.forEach(AnswerStream::hangUp);
      await().atMost(SOON).until(() -> open(events().size()) == 0);
    }
  }
}
