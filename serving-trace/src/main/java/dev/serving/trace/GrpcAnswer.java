package dev.serving.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What comes back from one gRPC call, collected frame by frame and bounded. Not for threads. */
final class GrpcAnswer {
  private static final int PREFIX = 5;

  private final Map<String, String> headers = new HashMap<>();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean last;
  private boolean ended;

  boolean ended() {
    return ended;
  }

  /** Adds a frame of headers, trailers or their continuation. */
  void headers(Http2Frame frame) throws IOException {
    int from = frame.type() == Http2Frame.HEADERS ? frame.contentFrom() : 0;
    int to = frame.type() == Http2Frame.HEADERS ? frame.contentTo() : frame.payload().length;
    append(block, frame.payload(), from, to);
    last |= frame.type() == Http2Frame.HEADERS && frame.has(Http2Frame.END_STREAM);
    if (frame.has(Http2Frame.END_HEADERS)) {
      Hpack.read(block.toByteArray(), headers);
      block.reset();
      ended = last;
    }
  }

  void data(Http2Frame frame) throws IOException {
    append(body, frame.payload(), frame.contentFrom(), frame.contentTo());
    ended = frame.has(Http2Frame.END_STREAM);
  }

  /** What it means for the spans of a request of {@code sent} bytes. */
  SpanReceipt receipt(long sent) {
    String code = headers.get("grpc-status");
    if (code == null) {
      return withoutStatus();
    } else if (code.equals("0")) {
      return OtlpAnswer.delivered(message(), sent);
    }
    Optional<Duration> asked =
        Optional.ofNullable(headers.get("grpc-status-details-bin")).map(OtlpAnswer::retryDelay);
    String why = "gRPC status " + OtlpAnswer.printable(code) + " " + text();
    return retryable(code, asked.isPresent())
        ? new SpanReceipt.Later(TraceFault.BUSY, asked.orElse(Duration.ZERO), why)
        : new SpanReceipt.Refused(why);
  }

  // As OTLP's specification lists them; a proxy without gRPC answers in HTTP.
  private static boolean retryable(String code, boolean delayGiven) {
    return switch (code) {
      case "1", "4", "10", "11", "14", "15" -> true;
      case "8" -> delayGiven;
      default -> false;
    };
  }

  private SpanReceipt withoutStatus() {
    String status = OtlpAnswer.printable(headers.getOrDefault(":status", "missing"));
    String why = "HTTP status " + status + " without a gRPC status";
    return switch (status) {
      case "429", "502", "503", "504" -> new SpanReceipt.Later(TraceFault.BUSY, Duration.ZERO, why);
      default -> new SpanReceipt.Refused(why);
    };
  }

  private byte[] message() {
    byte[] all = body.toByteArray();
    boolean plain = all.length > PREFIX && all[0] == 0;
    return plain ? Arrays.copyOfRange(all, PREFIX, all.length) : new byte[0];
  }

  private String text() {
    String encoded = headers.getOrDefault("grpc-message", "");
    try {
      return OtlpAnswer.printable(
          URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return OtlpAnswer.printable(encoded);
    }
  }

  private static void append(ByteArrayOutputStream to, byte[] bytes, int from, int end)
      throws IOException {
    if (to.size() + end - from > OtlpAnswer.MAX_BYTES) {
      throw new IOException("the answer is longer than " + OtlpAnswer.MAX_BYTES + " bytes");
    }
    to.write(bytes, from, end - from);
  }
}
