package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may come in: programs under any name, people's browsers, nobody's else. */
class DoorTest {
  private static final String BROWSER = "User-Agent: Mozilla/5.0\r\nAccept-Language: en";
  private static final Logger EXPORTERS = Logger.getLogger("io.opentelemetry");
  private static final String SECRET = "s3cret";

  private Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0));

  @AfterEach
  void close() {
    viewer.close();
  }

  @Test
  void programsComeInUnderEveryNameOfTheMachine() throws IOException {
    for (String host :
        List.of(
            "localhost:4318",
            "127.0.0.1",
            "[::1]:4318",
            "LOCALHOST",
            "My_Machine",
            "otel_collector:4318",
            "otel-collector.",
            "host.docker.internal:4318",
            "traces.team.example:4318")) {
      assertThat(export(host)).as(host).startsWith("HTTP/1.1 200");
      assertThat(get("/api/services", host)).as(host).startsWith("HTTP/1.1 200");
    }
    assertThat(raw("GET /api/services HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
  }

  @Test
  void peopleOpenItUnderNamesThatAreTheirs() throws IOException {
    for (String host :
        List.of("localhost:1", "127.0.0.1:1", "my_machine", "box.lan", "a.internal")) {
      assertThat(get("/", host, BROWSER)).as(host).startsWith("HTTP/1.1 200");
    }
    assertThat(
            get(
                "/",
                "localhost",
                BROWSER,
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Mode: navigate"))
        .as("a link from elsewhere")
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void aPageOfAnotherSiteReadsNothingUnderItsOwnName() throws IOException {
    for (String mark :
        List.of(
            "User-Agent: Mozilla/5.0",
            "Accept-Language: *",
            "Referer: http://evil.example/",
            "Sec-Fetch-Site: same-origin")) {
      assertThat(get("/api/services", "evil.example:4318", mark))
          .as(mark)
          .startsWith("HTTP/1.1 403")
          .contains("evil.example", "localhost");
    }
  }

  @Test
  void aPageOfAnotherSiteSendsNothing() throws IOException {
    assertThat(export("localhost", "Origin: http://evil.example"))
        .startsWith("HTTP/1.1 403")
        .contains("\"code\":7", "another site (http://evil.example)");
    assertThat(export("evil.example", "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
    assertThat(export("localhost", "Origin: null")).startsWith("HTTP/1.1 403");
    assertThat(export("localhost", "Sec-Fetch-Site: cross-site")).startsWith("HTTP/1.1 403");
    assertThat(export("localhost", "Origin: http://localhost:3000")).startsWith("HTTP/1.1 200");
    assertThat(viewer.store().counts().stored()).isZero();
  }

  @Test
  void overGrpcTheSameAndTheSenderHearsWhy() {
    assertThat(grpc()).isEmpty();
    assertThat(grpc("origin", "http://evil.example")).contains("another site");
    assertThat(viewer.store().counts().stored()).isEqualTo(1);
  }

  @Test
  void aTokenIsAskedOfSendersAndReaders() throws IOException {
    restart(SECRET);

    assertThat(get("/api/services", "localhost"))
        .startsWith("HTTP/1.1 401")
        .contains("Basic realm", "Authorization: Bearer TOKEN");
    assertThat(export("localhost")).startsWith("HTTP/1.1 401").contains("\"code\":16");
    assertThat(get("/api/services", "localhost", "Authorization: Bearer other")).contains(" 401 ");
    assertThat(get("/api/services", "localhost", "Authorization: Basic !!!")).contains(" 401 ");
    assertThat(get("/health", "localhost")).startsWith("HTTP/1.1 200");

    String basic =
        Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
    assertThat(get("/", "localhost", BROWSER, "Authorization: Basic " + basic)).contains(" 200 ");
    assertThat(export("localhost", "authorization: bearer " + SECRET)).contains(" 200 ");
    assertThat(grpc()).contains("Bearer TOKEN");
    assertThat(grpc("authorization", "Bearer " + SECRET)).isEmpty();
  }

  @Test
  void overTlsOnePortDoesForPagesSendersAndGrpc() throws Exception {
    X509Bundle identity =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    ViewerTls tls =
        new ViewerTls(List.of(identity.getCertificatePath()), identity.getKeyPair().getPrivate());
    assertThat(tls.toString()).doesNotContain("PRIVATE");
    viewer.close();
    viewer =
        Viewer.start(
            ViewerConfig.defaults().withPort(0).withToken(SECRET).withTls(Optional.of(tls)));
    assertThat(viewer.uri().getScheme()).isEqualTo("https");
    URI named = URI.create("https://localhost:" + viewer.uri().getPort() + "/");
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, identity.toTrustManagerFactory().getTrustManagers(), null);
    for (HttpClient.Version version : HttpClient.Version.values()) {
      HttpClient http = HttpClient.newBuilder().sslContext(trusting).version(version).build();
      HttpRequest page =
          HttpRequest.newBuilder(named).header("Authorization", "Bearer " + SECRET).build();
      HttpResponse<String> answer = http.send(page, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.body()).contains("Traces");
      HttpRequest nobody = HttpRequest.newBuilder(named).build();
      assertThat(http.send(nobody, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(401);
      HttpRequest export =
          HttpRequest.newBuilder(named.resolve("v1/traces"))
              .header("Authorization", "Bearer " + SECRET)
              .header("Content-Type", "application/x-protobuf")
              .POST(
                  HttpRequest.BodyPublishers.ofByteArray(
                      SampleTrace.chat("0".repeat(31) + "1", 1).bytes()))
              .build();
      assertThat(http.send(export, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
    }
    assertThat(viewer.store().counts().heldSpans()).isEqualTo(13);
    assertThat(grpcOverTls(named, identity)).isEmpty();
    // Whoever speaks no TLS learns nothing, and harms nobody.
    assertThat(plain()).doesNotContain("HTTP");
    assertThatThrownBy(() -> new ViewerTls(List.of(), tls.key()).context())
        .isInstanceOf(ViewerException.class)
        .hasMessageContaining("cannot be used");
  }

  @Test
  void beyondLoopbackThereIsATokenAndEveryAddressIsNamed() {
    ViewerConfig everywhere = ViewerConfig.defaults().withPort(0).withHost("0.0.0.0");
    assertThatThrownBy(() -> Viewer.start(everywhere))
        .isInstanceOf(ViewerException.class)
        .hasMessageContaining("needs a token");
    assertThatThrownBy(() -> everywhere.withToken("two words")).hasMessageContaining("token");

    try (Viewer wide = Viewer.start(everywhere.withToken(Viewer.randomToken()))) {
      assertThat(wide.uri().getHost()).isEqualTo("127.0.0.1");
      assertThat(wide.addresses()).doesNotHaveDuplicates().contains(wide.uri());
      assertThat(wide.addresses()).noneMatch(uri -> uri.getHost().contains("0.0.0.0"));
    }
    assertThat(Viewer.randomToken()).hasSize(32).isNotEqualTo(Viewer.randomToken());
  }

  private void restart(String token) {
    viewer.close();
    viewer = Viewer.start(ViewerConfig.defaults().withPort(0).withToken(token));
  }

  private String get(String path, String host, String... headers) throws IOException {
    return raw(head("GET " + path + " HTTP/1.1", host, headers) + "\r\n");
  }

  private String export(String host, String... headers) throws IOException {
    String head = head("POST /v1/traces HTTP/1.1", host, headers);
    return raw(head + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  }

  private static String head(String first, String host, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return first + "\r\nHost: " + host + "\r\nConnection: close\r\n" + more;
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), viewer.uri().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends one span with these headers; what the exporter logs, empty if the span was taken. */
  private String grpc(String... headers) {
    OtlpGrpcSpanExporterBuilder builder =
        OtlpGrpcSpanExporter.builder().setEndpoint(viewer.uri().toString());
    for (int i = 0; i < headers.length; i += 2) {
      builder.addHeader(headers[i], headers[i + 1]);
    }
    return complaintsOf(builder);
  }

  private String plain() {
    try {
      return get("/", "localhost");
    } catch (IOException closed) {
      return "";
    }
  }

  /** Empty if the export was taken. */
  private static String grpcOverTls(URI viewer, X509Bundle identity) {
    return complaintsOf(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(viewer.toString())
            .addHeader("authorization", "Bearer " + SECRET)
            .setTrustedCertificates(
                identity.getCertificatePathPEM().getBytes(StandardCharsets.US_ASCII)));
  }

  private static String complaintsOf(OtlpGrpcSpanExporterBuilder builder) {
    Log log = new Log();
    EXPORTERS.addHandler(log);
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(builder.build()))
            .build()) {
      provider.get("test").spanBuilder("span").startSpan().end();
      provider.forceFlush().join(20, TimeUnit.SECONDS);
    } finally {
      EXPORTERS.removeHandler(log);
    }
    return String.join("\n", log.messages);
  }

  private static final class Log extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord message) {
      messages.add(message.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
