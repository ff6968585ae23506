package dev.serving.trace.export;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The messages that a receiver of OTLP answers with, as far as they matter to the sender. */
final class OtlpAnswer {
  /** No answer is read beyond this; the ones that matter are a few dozen bytes. */
  static final int MAX_BYTES = 32 << 10;

  private static final int MAX_TEXT = 300;

  private OtlpAnswer() {}

  /** What an {@code ExportTraceServiceResponse} says about a request of {@code sent} bytes. */
  static SpanReceipt.Delivered delivered(byte[] response, long sent) {
    long rejected = 0;
    String why = "";
    ProtoReader reader = new ProtoReader(response);
    while (reader.next()) {
      if (reader.field() == 1) {
        ProtoReader partial = reader.message();
        while (partial.next()) {
          switch (partial.field()) {
            case 1 -> rejected = partial.number();
            case 2 -> why = printable(partial.text());
            default -> partial.skip();
          }
        }
      } else {
        reader.skip();
      }
    }
    return new SpanReceipt.Delivered(rejected, why, sent);
  }

  /** The message of a {@code google.rpc.Status}, as the body of a failure over HTTP holds it. */
  static String message(byte[] status) {
    ProtoReader reader = new ProtoReader(status);
    String message = "";
    while (reader.next()) {
      if (reader.field() == 2) {
        message = reader.text();
      } else {
        reader.skip();
      }
    }
    return printable(message);
  }

  /**
   * The delay of the {@code RetryInfo} in a {@code grpc-status-details-bin} header.
   *
   * @return null if there is none
   */
  static Duration retryDelay(String base64) {
    ProtoReader status = new ProtoReader(decoded(base64));
    while (status.next()) {
      Duration delay = status.field() == 3 ? ofDetail(status.message()) : null;
      if (delay != null) {
        return delay;
      }
      if (status.field() != 3) {
        status.skip();
      }
    }
    return null;
  }

  /** Text of a stranger, short and on one line. */
  static String printable(String text) {
    String start = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
    return start.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  static String printable(byte[] text) {
    return printable(new String(text, StandardCharsets.UTF_8));
  }

  private static Duration ofDetail(ProtoReader any) {
    String url = "";
    Duration delay = null;
    while (any.next()) {
      switch (any.field()) {
        case 1 -> url = any.text();
        case 2 -> delay = ofRetryInfo(any.message());
        default -> any.skip();
      }
    }
    return url.endsWith("google.rpc.RetryInfo") ? delay : null;
  }

  private static Duration ofRetryInfo(ProtoReader info) {
    Duration delay = Duration.ZERO;
    while (info.next()) {
      if (info.field() == 1) {
        delay = ofDuration(info.message());
      } else {
        info.skip();
      }
    }
    return delay;
  }

  private static Duration ofDuration(ProtoReader duration) {
    long seconds = 0;
    long nanos = 0;
    while (duration.next()) {
      switch (duration.field()) {
        case 1 -> seconds = duration.number();
        case 2 -> nanos = duration.number();
        default -> duration.skip();
      }
    }
    return Waits.bounded(seconds, nanos);
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.replace("=", ""));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
