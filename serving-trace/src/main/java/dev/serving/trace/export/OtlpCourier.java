package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import okhttp3.Request;

/** Delivers OTLP on a connection of its own, which is opened when it is needed and kept. */
final class OtlpCourier implements SpanCourier {
  private final OtlpConfig config;
  private final OtlpCall call;
  private final OtlpClient client;
  private final SpanEncoder encoder;
  private final GzipBody gzip = new GzipBody();
  private byte[] bytes;
  private int from;
  private int length;

  OtlpCourier(OtlpConfig config, OtlpClient client, int maxBytes) {
    this.config = config;
    this.call = OtlpCall.of(config);
    this.client = client;
    this.encoder = new SpanEncoder(maxBytes);
  }

  @Override
  public int load(SpanData[] spans, int end) {
    int start = encoder.encode(spans, end);
    ProtoWriter out = encoder.out();
    bytes = out.array();
    from = out.offset();
    length = out.length();
    if (config.gzip()) {
      gzip.compress(bytes, from, length);
      bytes = gzip.array();
      from = 0;
      length = gzip.length();
    }
    return start;
  }

  @Override
  public SpanReceipt send(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      Request request = call.request(bytes, from, length);
      return client.call(request, answer -> call.receipt(answer, length), deadline);
    } catch (IOException | RuntimeException e) {
      return broken(e, e instanceof SocketTimeoutException || System.nanoTime() - deadline >= 0);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private SpanReceipt broken(Exception cause, boolean late) {
    ExportFault fault = late ? ExportFault.TIMEOUT : ExportFault.UNREACHABLE;
    String why = late ? "no answer in time" : hint(cause) + OtlpAnswer.printable(cause.toString());
    return new SpanReceipt.Later(fault, Duration.ZERO, config.uri().getAuthority() + ", " + why);
  }

  private String hint(Exception cause) {
    String port = call.hint(cause);
    return port.isEmpty() ? TlsFault.hint(cause, config) : port;
  }
}
