package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.export.ExportPipeline;
import dev.serving.trace.testing.OtlpGrpcReceiver;
import dev.serving.trace.testing.OtlpHttpReceiver;
import dev.serving.trace.testing.OtlpReply;
import dev.serving.trace.testing.OtlpTestReceiver;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of spans, by what the receiver answers. */
@Tag("newer-opentelemetry")
class DeliveryTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TracingMetrics metrics = new TracingMetrics();

  @ParameterizedTest
  @EnumSource
  void aReceiverThatIsBusyGetsTheSameSpansAgain(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline = pipeline(receiver)) {
      receiver.answer(n -> n < 3 ? busy(protocol) : OtlpReply.accepted());
      pipeline.accept(Spans.named("DECODE"));
      assertThat(pipeline.flush(SOON)).isTrue();
      assertThat(receiver.requests()).hasSize(4);
      assertThat(receiver.spans()).allSatisfy(s -> assertThat(s.getName()).isEqualTo("DECODE"));
      assertThat(metrics.delivered()).isEqualTo(1);
      assertThat(metrics.retries()).isEqualTo(3);
      assertThat(metrics.faults(TraceFault.BUSY)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheReceiverWillNeverTakeIsNotSentAgain(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline = pipeline(receiver)) {
      receiver.answer(n -> refusal(protocol));
      pipeline.accept(Spans.named("DECODE"));
      assertThat(pipeline.flush(SOON)).isFalse();
      assertThat(receiver.requests()).hasSize(1);
      assertThat(metrics.dropped(DropReason.REJECTED)).isEqualTo(1);
      assertThat(metrics.faults(TraceFault.REJECTED)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 500, 501, 301})
  void overHttpOnlyTheStatusesOfTheSpecificationAreTriedAgain(int status) throws Exception {
    assertThat(attempts(OtlpProtocol.HTTP_PROTOBUF, OtlpReply.http(status, Map.of(), "no")))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void overHttpThoseThatMayBeTriedAgainAre(int status) throws Exception {
    assertThat(attempts(OtlpProtocol.HTTP_PROTOBUF, OtlpReply.http(status, Map.of(), "no")))
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 7, 9, 12, 13, 16})
  void overGrpcOnlyTheCodesOfTheSpecificationAreTriedAgain(int code) throws Exception {
    assertThat(attempts(OtlpProtocol.GRPC, OtlpReply.grpc(code, "no"))).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 10, 11, 14, 15})
  void overGrpcThoseThatMayBeTriedAgainAre(int code) throws Exception {
    assertThat(attempts(OtlpProtocol.GRPC, OtlpReply.grpc(code, "no"))).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void spansThatAReceiverLeavesOutAreCounted(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline = pipeline(receiver)) {
      receiver.answer(n -> OtlpReply.partly(2, "two are too old"));
      for (int i = 0; i < 5; i++) {
        pipeline.accept(Spans.named("DECODE"));
      }
      assertThat(pipeline.flush(SOON)).isFalse();
      assertThat(receiver.requests()).hasSize(1);
      assertThat(metrics.delivered()).isEqualTo(3);
      assertThat(metrics.dropped(DropReason.REJECTED)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchThatNobodyTakesIsGivenUpAtItsDeadline(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline = pipeline(receiver, b -> b.withDeadline(Duration.ofMillis(300)))) {
      receiver.answer(n -> busy(protocol));
      pipeline.accept(Spans.named("DECODE"));
      assertThat(pipeline.flush(SOON)).isFalse();
      assertThat(metrics.dropped(DropReason.DEADLINE)).isEqualTo(1);
      assertThat(metrics.inFlight()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReceiverThatNeverAnswersIsAskedAgainAfterTheTimeout(OtlpProtocol protocol)
      throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline = pipeline(receiver)) {
      receiver.answer(n -> n == 0 ? new OtlpReply.Silence() : OtlpReply.accepted());
      pipeline.accept(Spans.named("DECODE"));
      assertThat(pipeline.flush(SOON)).isTrue();
      assertThat(metrics.faults(TraceFault.TIMEOUT)).isEqualTo(1);
      assertThat(receiver.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void spansOfAnOutageArriveOnceTheReceiverIsThere(OtlpProtocol protocol) throws Exception {
    int port = freePort();
    try (ExportPipeline pipeline = pipeline("localhost:" + port, protocol, b -> b)) {
      pipeline.accept(Spans.named("DECODE"));
      await().until(() -> metrics.faults(TraceFault.UNREACHABLE) > 1);
      try (OtlpTestReceiver receiver =
          protocol == OtlpProtocol.GRPC
              ? OtlpGrpcReceiver.plain(port)
              : OtlpHttpReceiver.plain(port)) {
        assertThat(pipeline.flush(SOON)).isTrue();
        assertThat(receiver.spans()).hasSize(1);
      }
    }
    assertThat(metrics.delivered()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aReceiverThatStartsAnewOnItsPortIsFoundAgain(OtlpProtocol protocol) throws Exception {
    int port = freePort();
    try (ExportPipeline pipeline = pipeline("localhost:" + port, protocol, b -> b)) {
      for (int i = 0; i < 3; i++) {
        try (OtlpTestReceiver receiver =
            protocol == OtlpProtocol.GRPC
                ? OtlpGrpcReceiver.plain(port)
                : OtlpHttpReceiver.plain(port)) {
          pipeline.accept(Spans.named("DECODE"));
          assertThat(pipeline.flush(SOON)).isTrue();
          assertThat(receiver.spans()).hasSize(1);
        }
      }
    }
    assertThat(metrics.delivered()).isEqualTo(3);
  }

  /** Rule 61 of the reference. Nothing is taken until all was offered: who waits waits for ever. */
  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void r61_aFullQueueDropsAndNeverBlocks(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline =
            pipeline(
                receiver.endpoint(),
                protocol,
                Duration.ofMillis(300),
                b -> b.withMaxQueueSpans(1_000))) {
      AtomicBoolean offered = new AtomicBoolean();
      receiver.answer(n -> offered.get() ? OtlpReply.accepted() : new OtlpReply.Silence());
      for (int i = 0; i < 100_000; i++) {
        pipeline.accept(Spans.named("DECODE"));
      }
      offered.set(true);
      assertThat(metrics.dropped(DropReason.QUEUE_FULL)).isEqualTo(99_000);
      assertThat(pipeline.flush(SOON)).isTrue();
      assertThat(metrics.delivered()).isEqualTo(1_000);
    }
  }

  @Test
  void aBatchIsCutByWhatItsSpansTakeOnTheWire() throws Exception {
    try (OtlpTestReceiver receiver = OtlpHttpReceiver.plain();
        ExportPipeline pipeline = pipeline(receiver, b -> b.withMaxBatchBytes(10_000))) {
      for (int i = 0; i < 20; i++) {
        pipeline.accept(Spans.ofBytes(1_500));
      }
      assertThat(pipeline.flush(SOON)).isTrue();
      assertThat(receiver.spans()).hasSize(20);
      assertThat(receiver.requests())
          .allSatisfy(r -> assertThat(r.getSerializedSize()).isLessThanOrEqualTo(10_000));
    }
  }

  @Test
  void aSpanLargerThanABatchIsDroppedAlone() throws Exception {
    try (OtlpTestReceiver receiver = OtlpHttpReceiver.plain();
        ExportPipeline pipeline = pipeline(receiver, b -> b.withMaxBatchBytes(10_000))) {
      pipeline.accept(Spans.named("before"));
      pipeline.accept(Spans.ofBytes(20_000));
      // Each of these is three bytes on the wire, and one in the quick estimate.
      pipeline.accept(Spans.named("中".repeat(5_000)));
      pipeline.accept(Spans.named("after"));
      assertThat(pipeline.flush(SOON)).isFalse();
      assertThat(receiver.spans()).extracting("name").containsExactlyInAnyOrder("before", "after");
      assertThat(metrics.dropped(DropReason.TOO_LARGE)).isEqualTo(2);
    }
  }

  @Test
  void aLargeBatchPassesANarrowGrpcWindow() throws Exception {
    try (OtlpTestReceiver receiver = OtlpGrpcReceiver.narrow(4 << 20, 65_535);
        ExportPipeline pipeline =
            pipeline(receiver.endpoint(), OtlpProtocol.GRPC, Duration.ofSeconds(30), b -> b)) {
      for (int i = 0; i < 2_000; i++) {
        pipeline.accept(Spans.ofBytes(1_000));
      }
      assertThat(pipeline.flush(Duration.ofSeconds(60))).isTrue();
      assertThat(receiver.spans()).hasSize(2_000);
    }
  }

  @Test
  void whatAGrpcReceiverFindsTooLongIsNotSentAgain() throws Exception {
    try (OtlpTestReceiver receiver = OtlpGrpcReceiver.narrow(1_000, 65_535);
        ExportPipeline pipeline = pipeline(receiver)) {
      pipeline.accept(Spans.ofBytes(10_000));
      assertThat(pipeline.flush(SOON)).isFalse();
      assertThat(metrics.dropped(DropReason.REJECTED)).isEqualTo(1);
      assertThat(metrics.retries()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<!doctype html><title>Sign in</title>", "OK"})
  void aPageThatAnswers200HasTakenNothing(String page) throws Exception {
    try (OtlpHttpReceiver receiver = OtlpHttpReceiver.plain();
        ExportPipeline pipeline = pipeline(receiver)) {
      receiver.answer(n -> OtlpReply.page(200, page));
      pipeline.accept(Spans.named("DECODE"));
      assertThat(pipeline.flush(SOON)).isFalse();
      assertThat(metrics.delivered()).isZero();
      assertThat(metrics.dropped(DropReason.REJECTED)).isEqualTo(1);
    }
  }

  private int attempts(OtlpProtocol protocol, OtlpReply first) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline = pipeline(receiver)) {
      receiver.answer(n -> n == 0 ? first : OtlpReply.accepted());
      pipeline.accept(Spans.named("DECODE"));
      var unused = pipeline.flush(SOON);
      return receiver.requests().size();
    }
  }

  private static OtlpReply busy(OtlpProtocol protocol) {
    return protocol == OtlpProtocol.GRPC
        ? OtlpReply.grpc(14, "unavailable")
        : OtlpReply.http(503, Map.of(), "unavailable");
  }

  private static OtlpReply refusal(OtlpProtocol protocol) {
    return protocol == OtlpProtocol.GRPC
        ? OtlpReply.grpc(3, "malformed")
        : OtlpReply.http(400, Map.of(), "malformed");
  }

  private ExportPipeline pipeline(OtlpTestReceiver receiver) {
    return pipeline(receiver, batch -> batch);
  }

  private ExportPipeline pipeline(OtlpTestReceiver receiver, UnaryOperator<BatchConfig> change) {
    OtlpProtocol protocol =
        receiver instanceof OtlpGrpcReceiver ? OtlpProtocol.GRPC : OtlpProtocol.HTTP_PROTOBUF;
    return pipeline(receiver.endpoint(), protocol, change);
  }

  private ExportPipeline pipeline(
      String endpoint, OtlpProtocol protocol, UnaryOperator<BatchConfig> change) {
    return pipeline(endpoint, protocol, Duration.ofSeconds(2), change);
  }

  private ExportPipeline pipeline(
      String endpoint, OtlpProtocol protocol, Duration timeout, UnaryOperator<BatchConfig> change) {
    TracingConfig config =
        TracingConfig.builder()
            .enabled(true)
            .endpoint(endpoint)
            .otlp(o -> o.withProtocol(protocol).withTimeout(timeout))
            .batch(b -> b.withBackoff(Duration.ofMillis(20), Duration.ofMillis(100)))
            .batch(change)
            .build();
    return TracingStart.pipeline(config, metrics);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
