package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.Spans;
import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.testing.OtlpTestReceiver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing waits for a receiver that accepts and says nothing, and no thread of ours is left. */
@Timeout(60)
class CourierCloseTest {
  private final CountDownLatch accepted = new CountDownLatch(1);
  private ServerSocket silent;

  @BeforeEach
  void listen() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    new Thread(this::acceptOne).start();
  }

  @AfterEach
  void stop() throws IOException {
    silent.close();
  }

  private void acceptOne() {
    try (Socket socket = silent.accept()) {
      accepted.countDown();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The exporter has hung up, as it may.
      return;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http, HTTP_PROTOBUF", "https, HTTP_PROTOBUF",
    "http, GRPC", "https, GRPC"
  })
  void anAttemptEndsAtItsDeadline(String scheme, OtlpProtocol protocol) throws Exception {
    OtlpConfig patient = config(scheme, protocol).withTimeout(Duration.ofHours(1));
    try (SpanCourier courier = OtlpExporters.courier(patient, 1 << 20)) {
      SpanReceipt receipt = courier.send(List.of(Spans.named("DECODE")), Duration.ofMillis(300));
      assertThat(receipt).isInstanceOf(SpanReceipt.Later.class);
      assertThat(((SpanReceipt.Later) receipt).fault()).isEqualTo(ExportFault.TIMEOUT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http, HTTP_PROTOBUF", "https, HTTP_PROTOBUF",
    "http, GRPC", "https, GRPC"
  })
  void closingDoesNotWaitForARunningCall(String scheme, OtlpProtocol protocol) throws Exception {
    BatchConfig batch = BatchConfig.DEFAULT.withShutdown(Duration.ofMillis(100));
    ExportPipeline pipeline = ExportPipeline.overOtlp(config(scheme, protocol), batch, new Heard());
    pipeline.accept(Spans.named("DECODE"));
    accepted.await();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(pipeline::close);
    assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @EnumSource
  void afterClosingNoThreadKeepsTheProcessAlive(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol)) {
      OtlpConfig config =
          OtlpConfig.DEFAULT.withEndpoint(receiver.endpoint()).withProtocol(protocol);
      ExportPipeline pipeline = ExportPipeline.overOtlp(config, BatchConfig.DEFAULT, new Heard());
      pipeline.accept(Spans.named("DECODE"));
      pipeline.close();
      assertThat(receiver.spans()).hasSize(1);
    }
    List<String> left =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().startsWith("trace-export") || !t.isDaemon())
            .map(Thread::getName)
            .filter(name -> name.matches("(?i).*(trace-export|okhttp|okio).*"))
            .toList();
    assertThat(left).isEmpty();
  }

  private OtlpConfig config(String scheme, OtlpProtocol protocol) {
    return OtlpConfig.DEFAULT
        .withEndpoint(scheme + "://127.0.0.1:" + silent.getLocalPort())
        .withProtocol(protocol);
  }
}
