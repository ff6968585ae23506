package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.config.ApiKeys;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.config.TlsConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.trace.Tracing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** Who may talk to the server, and how. */
class SecurityTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final Path CERTIFICATE = Path.of("src/test/resources/tls/cert.pem");
  private static final Path KEY = Path.of("src/test/resources/tls/key.pem");

  /** This shows by what an engine tells clients apart: never by their keys. */
  @Test
  void enginesKnowClientsByNumberOrAddress() throws Exception {
    ApiKeys keys = ApiKeys.of(List.of("first-key", "second-key"));
    try (Rig rig = new Rig(c -> c.apiKeys(keys)).ready()) {
      for (String key : List.of("second-key", "first-key", "second-key")) {
        rig.post(CHAT, Rig.chatBody(""), "authorization", "Bearer " + key);
      }
      assertThat(rig.engine().generates)
          .extracting(Generate::client)
          .containsExactly("key 1", "key 0", "key 1");
    }
    try (Rig rig = new Rig().ready()) {
      rig.post(CHAT, Rig.chatBody(""));
      assertThat(rig.engine().generates).extracting(Generate::client).containsExactly("127.0.0.1");
    }
  }

  @Test
  void withKeysOnlyTheirHoldersAreServed() throws Exception {
    ApiKeys keys = ApiKeys.of(List.of("first-key", "second-key"));
    try (Rig rig = new Rig(c -> c.apiKeys(keys)).ready()) {
      String body = Rig.chatBody("");
      assertThat(rig.post(CHAT, body).statusCode()).isEqualTo(401);
      HttpResponse<String> wrong = rig.post(CHAT, body, "authorization", "Bearer wrong");
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.headers().firstValue("www-authenticate")).hasValue("Bearer");
      for (String key : List.of("first-key", "second-key")) {
        assertThat(rig.post(CHAT, body, "authorization", "Bearer " + key).statusCode())
            .isEqualTo(200);
      }
      assertThat(rig.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(rig.get("/tracing").statusCode()).isEqualTo(401);
      assertThat(rig.get("/health").statusCode()).isEqualTo(200);
      assertThat(rig.get("/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void keysAreNeverShown() {
    ApiKeys keys = ApiKeys.of(List.of("top-secret"));
    assertThat(FrontendConfig.builder("demo").apiKeys(keys).build().toString())
        .doesNotContain("top-secret");
    assertThatThrownBy(() -> ApiKeys.of(List.of("has space")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("has space");
  }

  @Test
  void tlsProtectsTheWay() throws Exception {
    ListenConfig listen = ListenConfig.DEFAULT.withPort(0).withTls(new TlsConfig(CERTIFICATE, KEY));
    try (Rig rig = new Rig(c -> c.listen(listen)).ready()) {
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(CERTIFICATE)).build();
      HttpResponse<String> response =
          client.send(
              rig.posting(CHAT, Rig.chatBody(", \"stream\": true")), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).endsWith("data: [DONE]\n\n");
      assertThat(rig.frontend.uri().getScheme()).isEqualTo("https");
      assertThat(rig.spans(1)).isNotEmpty();
    }
  }

  /** What keys and buffers of a connection take is a part of what is held for clients. */
  @Test
  void aConnectionCountsForMoreWhereItIsEncrypted() throws Exception {
    ListenConfig listen = ListenConfig.DEFAULT.withPort(0).withTls(new TlsConfig(CERTIFICATE, KEY));
    try (Rig plain = new Rig().ready();
        Rig rig = new Rig(c -> c.listen(listen)).ready()) {
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(CERTIFICATE)).build();
      HttpResponse<String> metrics =
          client.send(rig.request("/metrics").build(), BodyHandlers.ofString());
      double open = held(plain.get("/metrics").body());
      assertThat(held(metrics.body()) - open).isGreaterThan(40_000);
    }
  }

  private static double held(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("serving_client_memory_held_bytes "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void filesThatAreNoCertificateAreRefusedAtTheStart() {
    TlsConfig swapped = new TlsConfig(KEY, CERTIFICATE);
    assertThatThrownBy(() -> start(ListenConfig.DEFAULT.withPort(0).withTls(swapped)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--ssl-certfile");
    assertThatThrownBy(() -> new TlsConfig(Path.of("no-such.pem"), KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--ssl-certfile");
  }

  @Test
  void anAddressInUseIsRefusedAtTheStart() throws Exception {
    try (Rig rig = new Rig()) {
      ListenConfig same = ListenConfig.DEFAULT.withPort(rig.frontend.uri().getPort());
      assertThatThrownBy(() -> start(same))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("--port")
          .hasMessageContaining(Integer.toString(same.port()));
    }
  }

  private static Frontend start(ListenConfig listen) {
    return Frontend.start(
        FrontendConfig.builder("demo").listen(listen).build(),
        Rig.DEPLOYMENT,
        Rig.CHECKPOINT,
        Tracing.noop(),
        (rank, address, identity) -> {
          throw new IOException("not needed");
        });
  }

  @Test
  void loopbackIsNoPassword() throws Exception {
    try (Rig rig = new Rig().ready()) {
      String body = Rig.chatBody("");
      assertThat(status(rig, "evil.example", "X: y")).isEqualTo("421");
      assertThat(status(rig, "127.0.0.1.evil.example:8000", "X: y")).isEqualTo("421");
      for (String ours :
          List.of("localhost:1", "127.0.0.1", "[::1]:8000", "a.localhost", "a.internal", "box")) {
        assertThat(status(rig, ours, "X: y")).isEqualTo("200");
      }
      assertThat(status(rig, "localhost", "Origin: https://evil.example")).isEqualTo("403");
      assertThat(status(rig, "localhost", "Origin: null")).isEqualTo("403");
      assertThat(status(rig, "localhost:8000", "Origin: http://localhost:8000")).isEqualTo("200");
      assertThat(rig.post(CHAT, body).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void namesAndOriginsThatTheOperatorAllowsAreServed() throws Exception {
    ListenConfig listen =
        ListenConfig.DEFAULT
            .withPort(0)
            .withAllowedHosts(Set.of("llm.example"))
            .withCorsOrigins(Set.of("https://app.example"));
    try (Rig rig = new Rig(c -> c.listen(listen)).ready()) {
      assertThat(status(rig, "LLM.example.:443", "X: y")).isEqualTo("200");
      assertThat(status(rig, "localhost", "Origin: https://app.example")).isEqualTo("200");
      assertThat(status(rig, "localhost", "Origin: https://other.example")).isEqualTo("403");
    }
  }

  @Test
  void whoHasAKeyMayComeByAnyName() throws Exception {
    try (Rig rig = new Rig(c -> c.apiKeys(ApiKeys.of(List.of("key")))).ready()) {
      assertThat(status(rig, "any.example", "Authorization: Bearer key")).isEqualTo("200");
      assertThat(status(rig, "any.example", "Authorization: Bearer other")).isEqualTo("401");
    }
  }

  @Test
  void whatWillBeRefusedIsNotReadFirst() throws Exception {
    try (Rig rig = new Rig(c -> c.apiKeys(ApiKeys.of(List.of("key")))).ready();
        RawClient client = new RawClient(rig.uri("/"))) {
      String head = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
      assertThat(client.send(head.formatted(CHAT)).readAll()).startsWith("HTTP/1.1 401");
    }
  }

  private static String status(Rig rig, String host, String header) throws IOException {
    try (RawClient client = new RawClient(rig.uri("/"))) {
      String request = RawClient.post(CHAT, Rig.chatBody(""), header, "Connection: close");
      return client.send(request.replace("Host: x", "Host: " + host)).readAll().substring(9, 12);
    }
  }

  @Test
  void pagesOfOtherOriginsMayNotCallUnlessAllowed() throws Exception {
    try (Rig closed = new Rig().ready()) {
      assertThat(preflight(closed).headers().firstValue("access-control-allow-origin")).isEmpty();
    }
    ListenConfig listen =
        ListenConfig.DEFAULT.withPort(0).withCorsOrigins(Set.of("https://app.example"));
    try (Rig rig = new Rig(c -> c.listen(listen)).ready()) {
      assertThat(preflight(rig).headers().firstValue("access-control-allow-origin"))
          .hasValue("https://app.example");
      String asked = "authorization,content-type,x-stainless-arch";
      assertThat(
              preflight(rig, "access-control-request-headers", asked)
                  .headers()
                  .firstValue("access-control-allow-headers"))
          .as("what OpenAI's client in a browser asks for")
          .hasValue(asked);
      HttpResponse<String> twice =
          preflight(
              rig,
              "access-control-request-headers",
              "x-a, x-b",
              "access-control-request-headers",
              "x-c");
      assertThat(twice.headers().firstValue("access-control-allow-headers"))
          .as("a list may come in several lines")
          .hasValue("x-a,x-b,x-c");
    }
  }

  private static HttpResponse<String> preflight(Rig rig, String... more) throws Exception {
    return rig.client.send(
        rig.request(CHAT)
            .headers("origin", "https://app.example", "access-control-request-method", "POST")
            .headers(more.length == 0 ? new String[] {"accept", "*/*"} : more)
            .method("OPTIONS", BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }
}
