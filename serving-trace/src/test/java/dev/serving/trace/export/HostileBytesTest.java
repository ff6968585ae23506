package dev.serving.trace.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.sdk.common.export.HttpResponse;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers are a stranger's bytes: whatever they are, reading them ends, and throws nothing odd. */
class HostileBytesTest {
  private static final int ROUNDS = 50_000;

  private final Random random = new Random(7);

  @Test
  void anyBytesCanBeReadAsAnAnswer() {
    byte[] good = response();
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = i % 2 == 0 ? noise() : mutated(good);
      for (int status : new int[] {200, 400, 503}) {
        assertThat(why(OtlpAnswer.read(new Answer(status, bytes), 1)))
            .doesNotContain("\n")
            .hasSizeLessThan(400);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!doctype html><title>Sign in</title>",
        "<html><body>302 Found</body></html>",
        "OK",
        "not found",
        "\n\n",
      })
  void aPageThatAnswers200HasTakenNothing(String page) {
    SpanReceipt receipt = OtlpAnswer.read(answer(page), 1);
    assertThat(receipt).isInstanceOf(SpanReceipt.Refused.class);
    assertThat(why(receipt)).contains("none of OTLP: " + page.strip());
  }

  @Test
  void anAnswerInJsonIsUnderstood() {
    assertThat(OtlpAnswer.read(answer("{}"), 1)).isEqualTo(new SpanReceipt.Delivered(0, "", 1));
    String partly = "{\"partialSuccess\": {\"rejectedSpans\": \"3\"}}";
    assertThat(OtlpAnswer.read(answer(partly), 1))
        .isEqualTo(new SpanReceipt.Delivered(3, partly, 1));
  }

  @Test
  void whatIsSaidOfARefusalIsShownWhetherInProtobufOrNot() {
    byte[] status = Status.newBuilder().setMessage("missing token").build().toByteArray();
    assertThat(why(OtlpAnswer.read(new Answer(401, status), 1)))
        .isEqualTo("HTTP status 401 missing token");
    assertThat(why(OtlpAnswer.read(new Answer(401, "who?".getBytes(UTF_8)), 1)))
        .isEqualTo("HTTP status 401 who?");
  }

  private static Answer answer(String text) {
    return new Answer(200, text.getBytes(UTF_8));
  }

  private static String why(SpanReceipt receipt) {
    return receipt instanceof SpanReceipt.Delivered delivered
        ? delivered.why()
        : receipt instanceof SpanReceipt.Refused refused
            ? refused.why()
            : ((SpanReceipt.Later) receipt).why();
  }

  private static final class Answer implements HttpResponse {
    private final int status;
    private final byte[] body;

    Answer(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    @Override
    public int getStatusCode() {
      return status;
    }

    @Override
    public String getStatusMessage() {
      return "";
    }

    @Override
    public byte[] getResponseBody() {
      return body;
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
