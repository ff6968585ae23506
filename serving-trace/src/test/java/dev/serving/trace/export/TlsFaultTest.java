package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.Spans;
import dev.serving.trace.TestIdentity;
import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.testing.OtlpGrpcReceiver;
import dev.serving.trace.testing.OtlpHttpReceiver;
import dev.serving.trace.testing.OtlpTestReceiver;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the log says when two ends do not agree about TLS: which fault, and which setting. */
@Tag("newer-opentelemetry")
class TlsFaultTest {
  @TempDir private static Path dir;
  private static TestIdentity server;
  private static TestIdentity client;

  @BeforeAll
  static void makeIdentities() throws Exception {
    server = TestIdentity.make(dir, "server", "EC");
    client = TestIdentity.make(dir, "client", "RSA");
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownAuthority(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = secured(protocol, false)) {
      assertThat(told(protocol, receiver.endpoint(), o -> o))
          .contains("no authority that is trusted", "OTEL_EXPORTER_OTLP_CERTIFICATE");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMissingClientCertificate(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = secured(protocol, true)) {
      assertThat(told(protocol, receiver.endpoint(), TlsFaultTest::trusting))
          .contains("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY");
    }
  }

  @Test
  void tlsToAReceiverThatSpeaksNone() throws Exception {
    try (OtlpTestReceiver receiver = OtlpGrpcReceiver.plain()) {
      String secure = "https://" + authority(receiver);
      assertThat(told(OtlpProtocol.GRPC, secure, TlsFaultTest::trusting))
          .contains("speaks no TLS", "begin with http://");
    }
  }

  @ParameterizedTest
  @EnumSource
  void plainTextToAReceiverThatSpeaksTls(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = secured(protocol, false)) {
      assertThat(told(protocol, "http://" + authority(receiver), o -> o))
          .contains("speaks TLS", "begin with https://");
    }
  }

  private static OtlpConfig trusting(OtlpConfig config) {
    return config.withCertificate(server.certificate());
  }

  private static String authority(OtlpTestReceiver receiver) {
    return receiver.endpoint().replaceFirst("^https?://", "");
  }

  private static OtlpTestReceiver secured(OtlpProtocol protocol, boolean asks) throws Exception {
    return protocol == OtlpProtocol.GRPC
        ? OtlpGrpcReceiver.secured(
            GrpcSslContexts.forServer(server.certificate().toFile(), server.key().toFile())
                .trustManager(client.certificate().toFile())
                .clientAuth(asks ? ClientAuth.REQUIRE : ClientAuth.NONE)
                .build())
        : OtlpHttpReceiver.secured(tls(), asks);
  }

  private static SSLContext tls() throws Exception {
    return server.context(client.certificate());
  }

  private static String told(OtlpProtocol protocol, String endpoint, UnaryOperator<OtlpConfig> tls)
      throws Exception {
    OtlpConfig config = tls.apply(OtlpConfig.DEFAULT.withEndpoint(endpoint).withProtocol(protocol));
    BatchConfig batch = BatchConfig.DEFAULT.withShutdown(Duration.ofMillis(100));
    Heard heard = new Heard();
    try (ExportPipeline pipeline = ExportPipeline.overOtlp(config, batch, heard)) {
      pipeline.accept(Spans.named("DECODE"));
      await().atMost(Duration.ofSeconds(40)).until(() -> !heard.details.isEmpty());
    }
    return heard.details.get(0);
  }
}
