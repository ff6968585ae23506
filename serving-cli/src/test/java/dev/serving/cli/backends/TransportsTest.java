package dev.serving.cli.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way into the Collector: both protocols, plain and with TLS and a token, compressed. */
@Proves({"otelcol", "jaeger"})
final class TransportsTest {
  private static final int REQUESTS = 100;
  private static final int SPANS = 4;
  private static final String TOKEN = "t0ken+with/odd=characters";

  @TempDir private static Path directory;
  private static X509Bundle identity;
  private static Path certificate;
  private static Stack plain;
  private static Stack secure;

  @BeforeAll
  static void start() throws Exception {
    identity =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    certificate = identity.toTempCertChainPem().toPath();
    plain = new Stack(directory("plain"), "collector", Map.of());
    secure =
        new Stack(
            directory("secure"),
            "secure",
            Map.of(
                "RECEIVER_TOKEN", TOKEN,
                "TLS_CERTIFICATE", certificate.toString(),
                "TLS_KEY", identity.toTempPrivateKeyPem().getPath()));
  }

  private static Path directory(String name) throws Exception {
    return java.nio.file.Files.createDirectory(directory.resolve(name));
  }

  @AfterAll
  static void stop() {
    plain.close();
    secure.close();
  }

  @ParameterizedTest(name = "{0}, TLS and token: {1}, {2}")
  @CsvSource({
    "grpc, false, none",
    "http/protobuf, false, none",
    "grpc, true, none",
    "http/protobuf, true, none",
    "grpc, false, gzip",
    "http/protobuf, true, gzip",
  })
  void everySpanArrivesOnceInTheFileAndInJaeger(String protocol, boolean tls, String compression) {
    Stack stack = tls ? secure : plain;
    Map<String, String> environment = environment(stack, protocol, tls);
    environment.put("OTEL_EXPORTER_OTLP_COMPRESSION", compression);

    List<String> traces = send(environment, REQUESTS * SPANS);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(of(stack.file(), traces)).hasSize(REQUESTS * SPANS));
    assertThat(of(stack.file(), traces)).doesNotHaveDuplicates();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(traces).allMatch(id -> stack.inJaeger(id).size() == SPANS));
    assertThat(traces.stream().flatMap(id -> stack.inJaeger(id).stream()))
        .containsExactlyInAnyOrderElementsOf(of(stack.file(), traces));
    ProofTable.figures("%d spans".formatted(REQUESTS * SPANS));
  }

  @ParameterizedTest
  @CsvSource({"grpc", "http/protobuf"})
  void withAnotherTokenNothingIsTaken(String protocol) {
    Map<String, String> environment = environment(secure, protocol, true);
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer wrong");

    List<String> traces = send(environment, 0);

    assertThat(of(secure.file(), traces)).isEmpty();
  }

  /** As the vendor's guide has it: the Collector sends on, over HTTPS with a token. */
  @Test
  void theCollectorSendsOnToAVendor() throws Exception {
    Map<String, String> vendor =
        Map.of(
            "VENDOR_ENDPOINT", secure.endpoint(true, true),
            "VENDOR_TOKEN", TOKEN,
            "VENDOR_CA", certificate.toString());
    try (Stack stack = new Stack(directory("vendor"), "vendor", vendor)) {
      assertSentOn(stack);
    }
  }

  /** As the guide for Tempo has it; what listens there takes OTLP over gRPC, as Tempo does. */
  @Test
  void theCollectorSendsOnOverGrpc() throws Exception {
    String other = plain.endpoint(false, false).replace("http://", "");
    try (Stack stack = new Stack(directory("tempo"), "tempo", Map.of("TEMPO_ENDPOINT", other))) {
      List<String> traces = send(environment(stack, "grpc", false), REQUESTS * SPANS);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(of(plain.file(), traces)).hasSize(REQUESTS * SPANS));
    }
  }

  private static void assertSentOn(Stack stack) {
    List<String> traces = send(environment(stack, "grpc", false), REQUESTS * SPANS);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(of(secure.file(), traces)).hasSize(REQUESTS * SPANS));
  }

  private static Map<String, String> environment(Stack stack, String protocol, boolean tls) {
    Map<String, String> environment = new HashMap<>();
    environment.put("TRACES_ENABLE", "true");
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", stack.endpoint(!protocol.equals("grpc"), tls));
    if (tls) {
      environment.put("OTEL_EXPORTER_OTLP_CERTIFICATE", certificate.toString());
      environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20" + Http.encode(TOKEN));
    }
    return environment;
  }

  /** Makes requests; their trace ids. The balance must say that so many spans were delivered. */
  private static List<String> send(Map<String, String> environment, int delivered) {
    Tracing tracing = Tracing.start(TracingConfig.fromEnvironment(environment));
    List<String> traces = new java.util.ArrayList<>();
    tracing.threadInfo("sender", null, 0);
    for (int i = 0; i < REQUESTS; i++) {
      TraceReqContext request = tracing.startRequest(TraceReqStart.of("r" + i).withRole("Test"));
      try (TraceThreadContext lane = request.lane(0)) {
        lane.slice("FIRST").set("i", i).end();
        lane.slice("SECOND").end();
      }
      request.finish(0, null);
      traces.add(request.info().orElseThrow().traceId());
    }
    tracing.flush(Duration.ofSeconds(30));
    tracing.close();
    assertThat(tracing.metrics().delivered()).isEqualTo(delivered);
    assertThat(tracing.metrics().made()).isEqualTo((long) REQUESTS * SPANS);
    return traces;
  }

  private static List<SentSpan> of(List<SentSpan> spans, List<String> traces) {
    java.util.Set<String> wanted = java.util.Set.copyOf(traces);
    return spans.stream().filter(span -> wanted.contains(span.traceId())).toList();
  }
}
