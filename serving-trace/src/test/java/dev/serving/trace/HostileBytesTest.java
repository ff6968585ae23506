package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
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

  @Test
  void anyBytesCanBeReadAsHeaders() {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    Hpack.write(block, "grpc-status", "14");
    Hpack.write(block, "grpc-message", "x".repeat(300));
    int readable = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = i % 2 == 0 ? noise() : mutated(block.toByteArray());
      try {
        Hpack.read(bytes, new HashMap<>());
        readable++;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("header");
      }
    }
    assertThat(readable).isBetween(1, ROUNDS - 1);
  }

  @Test
  void theExamplesOfTheSpecificationOfHeadersAreRead() throws IOException {
    // RFC 7541, C.6.1: a response whose texts are in the Huffman code.
    String block =
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
            + "6e919d29ad171863c78f0b97c8e9ae82ae43d3";
    Map<String, String> headers = new HashMap<>();
    Hpack.read(HexFormat.of().parseHex(block), headers);
    assertThat(headers)
        .containsEntry(":status", "302")
        .containsEntry("#24", "private")
        .containsEntry("#33", "Mon, 21 Oct 2013 20:13:21 GMT")
        .containsEntry("#46", "https://www.example.com");
  }

  @Test
  void whatIsWrittenAsHeadersIsReadAgain() throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    Hpack.write(block, "Grpc-Status", "0");
    Hpack.write(block, "x-long", "y".repeat(5_000));
    Map<String, String> headers = new HashMap<>();
    Hpack.read(block.toByteArray(), headers);
    assertThat(headers).isEqualTo(Map.of("grpc-status", "0", "x-long", "y".repeat(5_000)));
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
