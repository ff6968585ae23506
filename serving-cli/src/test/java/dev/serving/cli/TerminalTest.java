package dev.serving.cli;

import static dev.serving.cli.PseudoTerminal.CTRL_C;
import static dev.serving.cli.PseudoTerminal.CTRL_D;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** This shows commands to somebody who sits at a terminal and presses Ctrl-C and Ctrl-D. */
final class TerminalTest {
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer stuck;

  /** A server that begins its first answer and then only keeps the connection. */
  @BeforeEach
  void serve() throws IOException {
    stuck = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stuck.setExecutor(threads);
    stuck.createContext("/v1/models", call -> answer(call, "{\"data\": [{\"id\": \"m\"}]}"));
    stuck.createContext("/v1/chat/completions", this::stream);
    stuck.start();
  }

  @AfterEach
  void end() {
    stuck.stop(0);
    threads.shutdownNow();
  }

  private String url() {
    return "http://127.0.0.1:" + stuck.getAddress().getPort();
  }

  private static void answer(HttpExchange call, String json) throws IOException {
    call.sendResponseHeaders(200, json.length());
    call.getResponseBody().write(json.getBytes(UTF_8));
    call.close();
  }

  private void stream(HttpExchange call) throws IOException {
    asked.add(new String(call.getRequestBody().readAllBytes(), UTF_8));
    call.sendResponseHeaders(200, 0);
    try (OutputStream out = call.getResponseBody()) {
      say(out, asked.size() == 1 ? "It begins" : "Fine.");
      for (int i = 0; asked.size() == 1 && i < 6000; i++) {
        out.write(": alive\n\n".getBytes(UTF_8));
        out.flush();
        TimeUnit.MILLISECONDS.sleep(10);
      }
      out.write("data: [DONE]\n\n".getBytes(UTF_8));
    } catch (IOException e) {
      left.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(OutputStream out, String text) throws IOException {
    String event = "data: {\"choices\": [{\"delta\": {\"content\": \"" + text + "\"}}]}\n\n";
    out.write(event.getBytes(UTF_8));
    out.flush();
  }

  @Test
  void ctrlCCutsAnAnswerAndTheConversationGoesOn() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("chat", "--url", url())) {
      terminal.awaitShown("> ");
      terminal.type("Tell me all\n");
      terminal.awaitShown("It begins");
      terminal.type(CTRL_C);
      terminal.awaitShown("(cut: the conversation goes on as if it had not been asked)\n> ");
      assertThat(left.await(30, TimeUnit.SECONDS)).as("the server sees its client leave").isTrue();
      terminal.type("How are you?\n");
      terminal.awaitShown("Fine.\n> ");
      terminal.type("/quit\n");
      assertThat(terminal.exitCode()).isZero();
    }
    assertThat(List.copyOf(asked).get(1)).contains("How are you?").doesNotContain("Tell me all");
  }

  @Test
  void ctrlCWhereNothingIsAnsweredEndsTheConversation() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("chat", "--url", url())) {
      terminal.awaitShown("> ");
      terminal.type(CTRL_C);
      assertThat(terminal.exitCode()).isEqualTo(130);
      assertThat(terminal.shown()).endsWith("\n").doesNotContain("Exception");
    }
  }

  @Test
  void ctrlDEndsTheConversation() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("chat", "--url", url())) {
      terminal.awaitShown("> ");
      terminal.type(CTRL_D);
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.shown()).endsWith("\n");
    }
  }

  @Test
  void aServerThatEndsInBetweenIsSaidAndNoMore() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("chat", "--url", url())) {
      terminal.awaitShown("> ");
      stuck.stop(0);
      terminal.type("Hello?\n");
      terminal.awaitShown("(no server at " + url());
      terminal.type("/quit\n");
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.shown()).doesNotContain("Exception", "\tat ");
    }
  }

  @Test
  void ctrlCEndsAViewerAsItShould() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("viewer", "--port", "0")) {
      terminal.awaitShown("Send traces with");
      terminal.type(CTRL_C);
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.shown()).endsWith("\nEnding; a second Ctrl-C does so at once\n");
    }
  }

  /** Neither the answers that were still to come nor a process is left. */
  @Test
  void ctrlCCutsADemo() throws Exception {
    String[] questions = new String[41];
    questions[0] = "demo";
    for (int i = 1; i < questions.length; i++) {
      questions[i] = "--ask=What is a slice?";
    }
    try (PseudoTerminal terminal = PseudoTerminal.start(questions)) {
      terminal.awaitShown("> What is a slice?");
      List<ProcessHandle> all = terminal.descendants();
      terminal.type(CTRL_C);
      assertThat(terminal.exitCode()).isEqualTo(130);
      assertThat(terminal.shown()).endsWith("\n").doesNotContain("Exception", "Ctrl-C ends both");
      await().untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void progressIsOneLineThatIsTakenAway() throws Exception {
    try (ServingProcess server = ServingProcess.serveCompiled();
        PseudoTerminal terminal =
            PseudoTerminal.start(
                "bench", "--url", server.uri() + "", "--num-prompts=30", "--output-len=40")) {
      assertThat(terminal.exitCode()).isZero();
      String report = terminal.shown().substring(terminal.shown().lastIndexOf('\r') + 1);
      assertThat(report).startsWith("http://127.0.0.1").contains("Successful requests");
      assertThat(terminal.shown()).contains("] ").contains(" requests, 0 failed, ");
    }
  }

  @Test
  void noColourWhereNoneIsWanted() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.startWith("NO_COLOR", "1", "bench", "--help")) {
      assertThat(terminal.exitCode()).isZero();
      assertThat(terminal.shown()).contains("Usage: ").doesNotContain("\u001b");
    }
  }
}
