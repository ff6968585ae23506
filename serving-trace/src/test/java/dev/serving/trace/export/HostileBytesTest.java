package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers are a stranger's bytes: whatever they are, reading them ends, and throws nothing odd. */
class HostileBytesTest {
  private static final int ROUNDS = 50_000;

  private final Random random = new Random(7);

  @Test
  void anyBytesCanBeReadAsAnAnswer() {
    byte[] good = response();
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = i % 2 == 0 ? noise() : mutated(good);
      assertThat(OtlpAnswer.delivered(bytes, 1).why().length()).isLessThanOrEqualTo(301);
      assertThat(OtlpAnswer.message(bytes)).doesNotContain("\n");
      assertThat(Waits.bounded(random.nextLong(), random.nextLong()))
          .isBetween(Duration.ZERO, Duration.ofDays(2));
    }
  }

  private static byte[] response() {
    return ExportTraceServiceResponse.newBuilder()
        .setPartialSuccess(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(3)
                .setErrorMessage("three spans are too old"))
        .build()
        .toByteArray();
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] mutated(byte[] good) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }
}
