package dev.serving.cli;

import dev.serving.cli.load.BaseAddress;
import dev.serving.cli.load.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server that a command talks to, which runs already. */
final class RunningServer {
  static final String KEY_VARIABLE = "SERVING_API_KEY";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final JsonMapper JSON = JsonMapper.shared();

  @Variable("SERVING_URL")
  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = HttpAddress.class,
      description =
          "Address of the server, also by the variable SERVING_URL (default: ${DEFAULT-VALUE}). Its"
              + " key, if it asks for one, is taken from SERVING_API_KEY.")
  private URI url = URI.create("http://127.0.0.1:8000");

  private String start = "start one by 'serving serve'";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /** The one that is named by an option. */
  RunningServer() {}

  /** The one at this address. */
  RunningServer(URI url) {
    this.url = url;
  }

  /** The one at this address, and how to start one like it. */
  RunningServer(URI url, String start) {
    this.url = url;
    this.start = start;
  }

  /** A value for a path or a query. */
  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** The beginning of a request to a path of the server. */
  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(BaseAddress.at(url, path));
    String key = System.getenv(KEY_VARIABLE);
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    return request;
  }

  /**
   * An answer's part without which it is none of whom was meant.
   *
   * @throws StartException when it lacks it, with what to do
   */
  JsonNode needed(JsonNode answer, String part) {
    if (answer.path(part).isMissingNode()) {
      throw notOurs(null);
    }
    return answer.path(part);
  }

  private StartException notOurs(Exception e) {
    return new StartException(url + " does not answer as was expected; see --url", e);
  }

  JsonNode get(String path) throws InterruptedException {
    return send(request(path).timeout(PATIENCE).GET());
  }

  JsonNode put(String path, Object body) throws InterruptedException {
    return send(
        request(path)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
    HttpResponse<String> response = send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new StartException(refusal(response.statusCode(), response.body()));
    }
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      throw notOurs(e);
    }
  }

  /**
   * Sends a request.
   *
   * @throws StartException when the server cannot be reached, with what to do
   */
  <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws InterruptedException {
    try {
      return client.send(request, body);
    } catch (ConnectException e) {
      throw new StartException(
          "no server at " + url + "; " + start + ", or name another by --url", e);
    } catch (IOException e) {
      throw new StartException(url + " cannot be asked: " + e.getMessage(), e);
    }
  }

  /** What to say of an answer that is none. */
  String refusal(int status, String body) {
    return url + " answered " + status + ": " + Refusal.of(body);
  }
}
