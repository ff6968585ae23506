package dev.serving.cli.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's API of a server, as requests to it. Safe from any thread. */
final class Api {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Target target;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  Api(Target target) {
    this.target = target;
  }

  HttpClient client() {
    return client;
  }

  Target target() {
    return target;
  }

  /** A request whose answer is streamed. */
  HttpRequest streamed(String prompt, int outputTokens) {
    Map<String, Object> body = body(prompt, outputTokens);
    body.put("stream", true);
    body.put("stream_options", Map.of("include_usage", true));
    return post(body);
  }

  /** The tokens of a prompt as the server counts them. */
  int countTokens(String prompt) throws InterruptedException {
    JsonNode answer = answer(post(body(prompt, 1)));
    return answer.path("usage").path("prompt_tokens").asInt(0);
  }

  /** The name of the first model that the server lists. */
  String firstModel() throws InterruptedException {
    JsonNode answer = answer(request("/v1/models").GET().build());
    String name = answer.path("data").path(0).path("id").asString("");
    if (name.isEmpty()) {
      throw failed("lists no model; name one by --model", null);
    }
    return name;
  }

  private Map<String, Object> body(String prompt, int outputTokens) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", target.model());
    if (target.chat()) {
      body.put("messages", List.of(Map.of("role", "user", "content", prompt)));
    } else {
      body.put("prompt", prompt);
    }
    body.put("max_tokens", outputTokens);
    body.put("temperature", target.temperature());
    if (target.ignoreEos()) {
      body.put("ignore_eos", true);
    }
    return body;
  }

  private HttpRequest post(Map<String, Object> body) {
    return request(target.endpoint())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target.uri(path));
    target.headers().forEach(request::header);
    return request;
  }

  private JsonNode answer(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw failed(
            "answered " + response.statusCode() + ": " + Refusal.of(response.body()), null);
      }
      return JSON.readTree(response.body());
    } catch (ConnectException e) {
      throw failed("is not there; start a server, or name another by --base-url", e);
    } catch (IOException e) {
      throw failed("cannot be asked: " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw failed("does not answer as OpenAI's API does; see --base-url and --endpoint", e);
    }
  }

  private UncheckedIOException failed(String how, Exception e) {
    return new UncheckedIOException(target.base() + " " + how, new IOException(e));
  }
}
