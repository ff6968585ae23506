package dev.serving.trace;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Delivers OTLP as Protocol Buffers in the body of an HTTP POST. */
final class OtlpHttpCourier implements SpanCourier {
  private final HttpClient client;
  private final OtlpConfig config;
  private final SpanEncoder encoder;
  private final GzipBody gzip = new GzipBody();
  private HttpRequest.BodyPublisher body;
  private long bodyBytes;

  OtlpHttpCourier(HttpClient client, OtlpConfig config, int maxBytes) {
    this.client = client;
    this.config = config;
    this.encoder = new SpanEncoder(maxBytes);
  }

  /** A client for all couriers of a pipeline. */
  static HttpClient client(OtlpConfig config) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.timeout());
    return "https".equals(config.uri().getScheme())
        ? builder.sslContext(OtlpTls.context(config)).build()
        : builder.build();
  }

  @Override
  public int load(SpanData[] spans, int end) {
    int start = encoder.encode(spans, end);
    ProtoWriter out = encoder.out();
    if (config.gzip()) {
      gzip.compress(out.array(), out.offset(), out.length());
      set(gzip.array(), 0, gzip.length());
    } else {
      set(out.array(), out.offset(), out.length());
    }
    return start;
  }

  @Override
  public SpanReceipt send(Duration timeout) throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request(timeout), info -> new BoundedBody(OtlpAnswer.MAX_BYTES));
    try {
      return receipt(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      return broken(e.getCause());
    } catch (TimeoutException e) {
      return new SpanReceipt.Later(TraceFault.TIMEOUT, Duration.ZERO, "no answer in " + timeout);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    // An attempt ends when its thread is interrupted; the client frees itself.
  }

  private void set(byte[] bytes, int offset, int length) {
    body = HttpRequest.BodyPublishers.ofByteArray(bytes, offset, length);
    bodyBytes = length;
  }

  private HttpRequest request(Duration timeout) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(config.uri())
            .timeout(timeout)
            .setHeader("content-type", "application/x-protobuf")
            .setHeader("user-agent", "Serving-OTLP-Exporter-Java")
            .POST(body);
    if (config.gzip()) {
      builder.setHeader("content-encoding", "gzip");
    }
    config.headers().forEach(builder::setHeader);
    return builder.build();
  }

  private SpanReceipt receipt(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return OtlpAnswer.delivered(response.body(), bodyBytes);
    }
    String why = "HTTP status " + status + " " + OtlpAnswer.message(response.body());
    return switch (status) {
      case 429, 502, 503, 504 -> new SpanReceipt.Later(TraceFault.BUSY, pause(response), why);
      default -> new SpanReceipt.Refused(why);
    };
  }

  private static Duration pause(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("retry-after")
        .map(value -> Waits.retryAfter(value, Instant.now()))
        .orElse(Duration.ZERO);
  }

  private SpanReceipt broken(Throwable cause) {
    if (cause instanceof HttpTimeoutException) {
      return new SpanReceipt.Later(TraceFault.TIMEOUT, Duration.ZERO, cause.toString());
    }
    String why = config.uri().getAuthority() + ", " + OtlpAnswer.printable(cause.toString());
    return cause instanceof IOException
        ? new SpanReceipt.Later(TraceFault.UNREACHABLE, Duration.ZERO, why)
        : new SpanReceipt.Refused(why);
  }
}
