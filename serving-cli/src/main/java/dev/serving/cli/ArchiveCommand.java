package dev.serving.cli;

import dev.serving.core.frontend.ReadyLine;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server's whole life in some seconds, for a JVM that archives at its end what classes it had:
 * the command that users type, a chat, a completion, and the end. Run by the launcher, see {@link
 * ClassArchive}.
 */
final class ArchiveCommand {
  /** What the launcher asks for. */
  static final String COMMAND = "archive";

  private ArchiveCommand() {}

  /** Serves until both requests are answered; does not return, as a server that is told to end. */
  static int run() throws IOException {
    PipedInputStream said = new PipedInputStream();
    System.setOut(new PrintStream(new PipedOutputStream(said), true, StandardCharsets.UTF_8));
    Thread client = new Thread(() -> System.exit(ask(said)), "client");
    client.setDaemon(true);
    client.start();
    return Main.run("serve", "--port", "0", "--trace-enable", "--viewer-port", "0");
  }

  private static int ask(PipedInputStream said) {
    try {
      Optional<ReadyLine> ready = ReadyLine.awaitIn(said);
      if (ready.isEmpty()) {
        return 1;
      }
      String model = ready.get().model();
      RunningServer server = new RunningServer(ready.get().uri());
      new ChatClient(server, model)
          .ask(List.of(Map.of("role", "user", "content", "Hello")), 8, null, text -> {});
      complete(server, model);
      return 0;
    } catch (IOException | InterruptedException e) {
      return 1;
    }
  }

  private static void complete(RunningServer server, String model) throws InterruptedException {
    String body = "{\"model\": \"%s\", \"prompt\": \"Hello\", \"max_tokens\": 8}".formatted(model);
    server.send(
        server
            .request("/v1/completions")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
