package dev.serving.cli;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running server one question and hands on the answer while it is generated. */
final class ChatClient {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String DATA = "data: ";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private final String model;

  ChatClient(URI server, String model) {
    this.server = server;
    this.model = model;
  }

  /**
   * Asks and waits until the answer is complete.
   *
   * @param question what the user says
   * @param maxTokens most tokens of the answer
   * @param text takes each piece of text as it arrives
   * @return the trace's id in hex, or the empty string when the server does not trace
   */
  String ask(String question, int maxTokens, Consumer<String> text)
      throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response =
        client.send(request(question, maxTokens), HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException(
            "the server answered " + response.statusCode() + ": " + lines.collect(joining("\n")));
      }
      lines.map(ChatClient::content).forEach(text);
    }
    return response.headers().firstValue("x-trace-id").orElse("");
  }

  private HttpRequest request(String question, int maxTokens) {
    Map<String, Object> body =
        Map.of(
            "model",
            model,
            "messages",
            List.of(Map.of("role", "user", "content", question)),
            "max_tokens",
            maxTokens,
            "temperature",
            0,
            "stream",
            true);
    return HttpRequest.newBuilder(server.resolve("/v1/chat/completions"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
        .build();
  }

  private static String content(String line) {
    if (!line.startsWith(DATA) || line.equals(DATA + "[DONE]")) {
      return "";
    }
    JsonNode chunk = JSON.readTree(line.substring(DATA.length()));
    return chunk.path("choices").path(0).path("delta").path("content").asString("");
  }
}
