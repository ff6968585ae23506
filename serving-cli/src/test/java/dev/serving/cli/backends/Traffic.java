package dev.serving.cli.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What clients do: answered, refused, cancelled. Each request's trace id is the caller's. */
final class Traffic {
  private final Http server;

  Traffic(Http server) {
    this.server = server;
  }

  /** One request of each kind; their trace ids. */
  List<String> mix() {
    List<String> traces = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      traces.add(ask("v1/chat/completions", chat("\"max_tokens\": 24, \"stream\": true"), 200));
      traces.add(ask("v1/chat/completions", chat("\"max_tokens\": 12, \"n\": 2"), 200));
      traces.add(ask("v1/completions", completion("\"max_tokens\": 8"), 200));
    }
    traces.add(ask("v1/chat/completions", chat("\"temperature\": 9"), 400));
    traces.add(ask("v1/chat/completions", chat("").replace("serving-demo", "no-such"), 404));
    traces.add(hangUp());
    return traces;
  }

  String tiny() {
    return ask("v1/completions", completion("\"max_tokens\": 1"), 200);
  }

  private static String chat(String more) {
    return "{\"model\": \"serving-demo\", \"ignore_eos\": true,"
        + " \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}]"
        + (more.isEmpty() ? "}" : ", " + more + "}");
  }

  private static String completion(String more) {
    return "{\"model\": \"serving-demo\", \"prompt\": \"Once upon a time\", " + more + "}";
  }

  private String ask(String path, String body, int status) {
    String trace = newTrace();
    int got =
        Http.send(
                HttpRequest.newBuilder(server.base().resolve(path))
                    .header("Content-Type", "application/json")
                    .header("traceparent", parent(trace))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build())
            .statusCode();
    if (got != status) {
      throw new IllegalStateException("expected " + status + ", got " + got);
    }
    return trace;
  }

  /** A client that leaves after the first bytes of a long answer. */
  private String hangUp() {
    String trace = newTrace();
    String body = chat("\"max_tokens\": 400, \"stream\": true");
    URI uri = server.base();
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String head =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
              + "traceparent: %s\r\nContent-Length: %d\r\n\r\n"
                  .formatted(parent(trace), body.length());
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
      if (socket.getInputStream().readNBytes(300).length < 300) {
        throw new IllegalStateException("no answer to hang up on");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return trace;
  }

  private static String newTrace() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static String parent(String trace) {
    return "00-" + trace + "-00000000000000aa-01";
  }
}
