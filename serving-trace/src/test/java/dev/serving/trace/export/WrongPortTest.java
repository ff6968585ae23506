package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.OtlpGrpcReceiver;
import dev.serving.trace.OtlpHttpReceiver;
import dev.serving.trace.OtlpTestReceiver;
import dev.serving.trace.Spans;
import dev.serving.trace.TestIdentity;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said about an endpoint where something else listens, or nothing. */
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
    OtlpConfig both =
        OtlpConfig.DEFAULT.withClientKey(server.key()).withClientCertificate(server.certificate());
    SSLContext tls = OtlpTls.of(both).context();
    try (OtlpTestReceiver receiver = OtlpHttpReceiver.secured(tls, false)) {
      OtlpConfig config = config(receiver.endpoint(), OtlpProtocol.GRPC);
      OtlpConfig trusting = config.withCertificate(server.certificate());
      assertThat(why(trusting, OtlpTls.of(trusting)))
          .contains("is this the port of OTLP over HTTP?");
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

  private static String why(String endpoint, OtlpProtocol protocol) {
    return why(config(endpoint, protocol), null);
  }

  private static OtlpConfig config(String endpoint, OtlpProtocol protocol) {
    return OtlpConfig.DEFAULT.withEndpoint(endpoint).withProtocol(protocol);
  }

  private static String why(OtlpConfig config, OtlpTls tls) {
    try (OtlpCourier courier = new OtlpCourier(config, new OtlpClient(config, tls), 1 << 20)) {
      var unused = courier.load(new SpanData[] {Spans.named("DECODE")}, 1);
      SpanReceipt receipt = courier.send(Duration.ofSeconds(5));
      assertThat(receipt).isInstanceOf(SpanReceipt.Later.class);
      assertThat(((SpanReceipt.Later) receipt).fault()).isEqualTo(ExportFault.UNREACHABLE);
      return ((SpanReceipt.Later) receipt).why();
    }
  }
}
