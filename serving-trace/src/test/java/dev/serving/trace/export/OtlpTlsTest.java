package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.Spans;
import dev.serving.trace.TestIdentity;
import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.config.TracingConfigException;
import dev.serving.trace.testing.OtlpGrpcReceiver;
import dev.serving.trace.testing.OtlpHttpReceiver;
import dev.serving.trace.testing.OtlpTestReceiver;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS over both protocols, with authorities and clients given as PEM files. */
class OtlpTlsTest {
  @TempDir private static Path dir;
  private static TestIdentity server;
  private static TestIdentity client;

  private final Heard heard = new Heard();

  @BeforeAll
  static void makeIdentities() throws Exception {
    server = TestIdentity.make(dir, "server", "EC");
    client = TestIdentity.make(dir, "client", "RSA");
  }

  @ParameterizedTest
  @EnumSource
  void aServerIsTrustedByTheAuthorityGiven(OtlpProtocol protocol) throws Exception {
    assertThat(delivered(protocol, false, o -> o.withCertificate(server.certificate()))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownServerGetsNothing(OtlpProtocol protocol) throws Exception {
    assertThat(delivered(protocol, false, o -> o)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aClientShowsItsCertificate(OtlpProtocol protocol) throws Exception {
    UnaryOperator<OtlpConfig> both =
        o ->
            o.withCertificate(server.certificate())
                .withClientKey(client.key())
                .withClientCertificate(client.certificate());
    assertThat(delivered(protocol, true, both)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aClientWithoutOneIsTurnedAway(OtlpProtocol protocol) throws Exception {
    assertThat(delivered(protocol, true, o -> o.withCertificate(server.certificate()))).isFalse();
  }

  @Test
  void aFileThatHoldsNoKeyIsNamed() throws Exception {
    Path empty = Files.writeString(dir.resolve("empty.pem"), "nothing");
    OtlpConfig config =
        OtlpConfig.DEFAULT.withClientKey(empty).withClientCertificate(client.certificate());
    assertThatThrownBy(() -> OtlpExporters.courier(secured(config), 1 << 20))
        .isInstanceOf(TracingConfigException.class)
        .hasMessageContainingAll("OTEL_EXPORTER_OTLP_CLIENT_KEY", "empty.pem", "PKCS#8");
  }

  @Test
  void aFileThatHoldsNoCertificateIsNamed() throws Exception {
    Path empty = Files.writeString(dir.resolve("none.pem"), "");
    assertThatThrownBy(
            () ->
                OtlpExporters.courier(secured(OtlpConfig.DEFAULT.withCertificate(empty)), 1 << 20))
        .isInstanceOf(TracingConfigException.class)
        .hasMessageContainingAll("OTEL_EXPORTER_OTLP_CERTIFICATE", "none.pem");
  }

  private static OtlpConfig secured(OtlpConfig config) {
    return config.withEndpoint("https://localhost:1");
  }

  private boolean delivered(
      OtlpProtocol protocol, boolean clientCertificate, UnaryOperator<OtlpConfig> tls)
      throws Exception {
    try (OtlpTestReceiver receiver = receiver(protocol, clientCertificate)) {
      OtlpConfig config =
          tls.apply(OtlpConfig.DEFAULT.withEndpoint(receiver.endpoint()).withProtocol(protocol));
      BatchConfig batch = BatchConfig.DEFAULT.withShutdown(Duration.ofMillis(100));
      try (ExportPipeline pipeline = ExportPipeline.overOtlp(config, batch, heard)) {
        pipeline.accept(Spans.named("DECODE"));
        // Longer than an attempt, so that one which a busy machine makes late may be tried again.
        await()
            .atMost(Duration.ofSeconds(40))
            .until(() -> receiver.spans().size() + failures() > 0);
        return failures() == 0;
      }
    }
  }

  /** Before OpenTelemetry 1.59 an exporter does not say why. */
  private int failures() {
    return heard.faults(ExportFault.UNREACHABLE) + heard.faults(ExportFault.EXPORTER_FAILED);
  }

  private static OtlpTestReceiver receiver(OtlpProtocol protocol, boolean clientCertificate)
      throws Exception {
    if (protocol == OtlpProtocol.GRPC) {
      SslContextBuilder builder =
          GrpcSslContexts.forServer(server.certificate().toFile(), server.key().toFile())
              .trustManager(client.certificate().toFile())
              .clientAuth(clientCertificate ? ClientAuth.REQUIRE : ClientAuth.NONE);
      SslContext context = builder.build();
      return OtlpGrpcReceiver.secured(context);
    }
    SSLContext context = server.context(client.certificate());
    return OtlpHttpReceiver.secured(context, clientCertificate);
  }
}
