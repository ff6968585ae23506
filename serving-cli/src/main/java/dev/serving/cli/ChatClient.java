package dev.serving.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks with the model of a running server and hands on its answers while they are generated. */
final class ChatClient {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String DATA = "data: ";

  private final RunningServer server;
  private final String model;

  /**
   * By which ids an answer is known.
   *
   * @param requestId the request's, empty where the server gives none
   * @param traceId its trace's in hex, empty where the server does not trace
   */
  record Answered(String requestId, String traceId) {}

  /**
   * A client.
   *
   * @param model the model's name, or null for the one that is served
   */
  ChatClient(RunningServer server, String model) {
    this.server = server;
    this.model = model;
  }

  /**
   * Asks and waits until the answer is complete.
   *
   * @param messages the conversation so far, each with role and content
   * @param maxTokens most tokens of the answer, or null for the server's own
   * @param temperature how freely to choose, or null for the model's own
   * @param text takes each piece of text as it arrives
   * @return by which ids the answer is known
   * @throws StartException when there is no answer, with the reason
   * @throws InterruptedException when interrupted; the server sees its client leave
   */
  Answered ask(
      List<Map<String, String>> messages,
      Integer maxTokens,
      Double temperature,
      Consumer<String> text)
      throws InterruptedException {
    HttpResponse<AnswerLines> response =
        server.send(
            request(messages, maxTokens, temperature), info -> new AnswerLines().subscriber());
    try (AnswerLines lines = response.body()) {
      if (response.statusCode() != 200) {
        StringJoiner body = new StringJoiner("\n");
        forEach(lines, body::add);
        throw new StartException(server.refusal(response.statusCode(), body.toString()));
      }
      forEach(lines, line -> text.accept(content(line)));
    } catch (IOException e) {
      throw new StartException("the answer broke off: " + e.getMessage(), e);
    }
    return new Answered(header(response, "x-request-id"), header(response, "x-trace-id"));
  }

  private static void forEach(AnswerLines lines, Consumer<String> taker)
      throws IOException, InterruptedException {
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      taker.accept(line.get());
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private HttpRequest request(
      List<Map<String, String>> messages, Integer maxTokens, Double temperature) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", model);
    body.put("messages", messages);
    body.put("max_tokens", maxTokens);
    body.put("temperature", temperature);
    body.put("stream", true);
    body.values().removeIf(Objects::isNull);
    return server
        .request("/v1/chat/completions")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
        .build();
  }

  private static String content(String line) {
    if (!line.startsWith(DATA) || line.equals(DATA + "[DONE]")) {
      return "";
    }
    JsonNode chunk = JSON.readTree(line.substring(DATA.length()));
    JsonNode error = chunk.path("error").path("message");
    if (error.isString()) {
      throw new StartException("the answer was cut short: " + error.asString());
    }
    return chunk.path("choices").path(0).path("delta").path("content").asString("");
  }
}
