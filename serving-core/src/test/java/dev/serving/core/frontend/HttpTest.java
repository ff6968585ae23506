package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients, proxies and load balancers may expect of any HTTP server. */
class HttpTest {
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = Rig.named("org/model").ready();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static HttpResponse<String> send(String method, String path) throws Exception {
    HttpRequest request = rig.request(path).method(method, BodyPublishers.noBody()).build();
    return rig.client.send(request, BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({"/health", "/ready", "/v1/models", "/version", "/tracing"})
  void headIsAGetWithoutItsBody(String path) throws Exception {
    HttpResponse<String> head = send("HEAD", path);
    HttpResponse<String> get = send("GET", path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("content-type"))
        .isEqualTo(get.headers().firstValue("content-type"));
    assertThat(head.headers().firstValue("content-length")).isPresent();
  }

  @Test
  void aConnectionGoesOnAfterAHead() throws IOException {
    try (RawClient client = new RawClient(rig.frontend.uri())) {
      String answers =
          client
              .send("HEAD /version HTTP/1.1\r\nHost: x\r\n\r\n")
              .send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
              .readAll();
      assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
      assertThat(answers).endsWith("{\"status\":\"alive\"}").doesNotContain("\"version\"");
    }
  }

  /** RFC 9110, 10.1.1: HTTP/1.0 knows no 100, and takes it for the answer. */
  @Test
  void whatHttp10ExpectsIsNotHeard() throws IOException {
    String request = "GET /health HTTP/1.0\r\nExpect: 100-continue\r\n\r\n";
    try (RawClient client = new RawClient(rig.frontend.uri())) {
      assertThat(client.send(request).readAll()).startsWith("HTTP/1.1 200 OK\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /health, 'GET, HEAD'",
    "HEAD, /v1/completions, POST",
    "OPTIONS, /v1/chat/completions, POST",
    "POST, /tracing, 'GET, HEAD, PUT'"
  })
  void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) throws Exception {
    HttpResponse<String> answer = send(method, path);
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).contains(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/models/, 200",
    "/health/, 200",
    "/v1/models/org%2Fmodel, 200",
    "/v1/models/org/model/, 200",
    "/v1/models/other%2Fmodel, 404",
    "/v1//models, 404",
    "/, 404"
  })
  void pathsAreFoundHoweverTheyAreWritten(String path, int status) throws Exception {
    assertThat(send("GET", path).statusCode()).isEqualTo(status);
  }

  @Test
  void halfAnEscapeIsNoPath() throws IOException {
    try (RawClient client = new RawClient(rig.frontend.uri())) {
      String answer =
          client
              .send("GET /v1/models/%2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
              .readAll();
      assertThat(answer).startsWith("HTTP/1.1 404").contains("model_not_found");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET http://proxy.example/health HTTP/1.1, 200",
    "GET HTTPS://proxy.example:8000/health?x=1 HTTP/1.1, 200",
    "GET http://proxy.example HTTP/1.1, 404",
    "GET /health HTTP/9.9, 400",
    "PRI * HTTP/2.0, 400"
  })
  void aFirstLineInAnyForm(String line, int status) throws IOException {
    try (RawClient client = new RawClient(rig.frontend.uri())) {
      String answer = client.send(line + "\r\nHost: x\r\nConnection: close\r\n\r\n").readAll();
      assertThat(answer).startsWith("HTTP/1.1 " + status);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.1, 0, 400", "1.1, 1, 200", "1.1, 2, 400", "1.0, 0, 200"})
  void onlyOldClientsMayLeaveTheHostOut(String version, int hosts, int status) throws IOException {
    try (RawClient client = new RawClient(rig.frontend.uri())) {
      String host = "Host: x\r\n".repeat(hosts);
      String head = "GET /health HTTP/" + version + "\r\n" + host + "Connection: close\r\n\r\n";
      assertThat(client.send(head).readAll()).startsWith("HTTP/1.1 " + status);
    }
  }
}
