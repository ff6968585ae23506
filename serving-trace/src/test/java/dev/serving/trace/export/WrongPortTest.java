package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.Spans;
import dev.serving.trace.TestIdentity;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.testing.OtlpGrpcReceiver;
import dev.serving.trace.testing.OtlpHttpReceiver;
import dev.serving.trace.testing.OtlpTestReceiver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said about an endpoint where something else listens, or nothing. */
@Tag("newer-opentelemetry")
class WrongPortTest {

  @Test
  void grpcAtThePortOfHttp() throws Exception {
    try (OtlpTestReceiver receiver = OtlpHttpReceiver.plain()) {
      assertThat(why(receiver.endpoint(), OtlpProtocol.GRPC))
          .contains("is this the port of OTLP over HTTP?");
    }
  }

  @Test
  void httpAtThePortOfGrpc() throws Exception {
    try (OtlpTestReceiver receiver = OtlpGrpcReceiver.plain()) {
      assertThat(why(receiver.endpoint(), OtlpProtocol.HTTP_PROTOBUF))
          .contains("is this the port of gRPC?");
    }
  }

  @Test
  void grpcOverTlsAtAServerThatSpeaksOnlyHttp1(@TempDir Path directory) throws Exception {
    TestIdentity server = TestIdentity.make(directory, "server", "EC");
    SSLContext tls = server.context(server.certificate());
    try (OtlpTestReceiver receiver = OtlpHttpReceiver.secured(tls, false)) {
      OtlpConfig config = config(receiver.endpoint(), OtlpProtocol.GRPC);
      OtlpConfig trusting = config.withCertificate(server.certificate());
      assertThat(why(trusting)).contains("is this the port of OTLP over HTTP?");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyAtAll(OtlpProtocol protocol) throws Exception {
    ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    closed.close();
    assertThat(why("localhost:" + closed.getLocalPort(), protocol))
        .contains("ConnectException: Failed to connect to localhost/");
  }

  private static String why(String endpoint, OtlpProtocol protocol) throws InterruptedException {
    return why(config(endpoint, protocol));
  }

  private static OtlpConfig config(String endpoint, OtlpProtocol protocol) {
    return OtlpConfig.DEFAULT.withEndpoint(endpoint).withProtocol(protocol);
  }

  private static String why(OtlpConfig config) throws InterruptedException {
    try (SpanCourier courier = OtlpExporters.courier(config, 1 << 20)) {
      SpanReceipt receipt = courier.send(List.of(Spans.named("DECODE")), Duration.ofSeconds(5));
      return receipt instanceof SpanReceipt.Later later
          ? later.why()
          : ((SpanReceipt.Refused) receipt).why();
    }
  }
}
