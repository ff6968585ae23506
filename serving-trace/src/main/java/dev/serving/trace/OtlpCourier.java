package dev.serving.trace;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Delivers OTLP on a connection of its own, which is opened when it is needed and kept. */
final class OtlpCourier implements SpanCourier {
  private final OtlpConfig config;
  private final OtlpDialer dialer;
  private final ScheduledExecutorService clock;
  private final SpanEncoder encoder;
  private final GzipBody gzip = new GzipBody();
  private volatile boolean closed;
  private OtlpConnection connection;
  private byte[] request;
  private int from;
  private int length;

  /** Makes a courier; the clock ends attempts that take too long. */
  OtlpCourier(OtlpConfig config, OtlpDialer dialer, ScheduledExecutorService clock, int maxBytes) {
    this.config = config;
    this.dialer = dialer;
    this.clock = clock;
    this.encoder = new SpanEncoder(maxBytes);
  }

  @Override
  public int load(SpanData[] spans, int end) {
    int start = encoder.encode(spans, end);
    ProtoWriter out = encoder.out();
    request = out.array();
    from = out.offset();
    length = out.length();
    if (config.gzip()) {
      gzip.compress(request, from, length);
      request = gzip.array();
      from = 0;
      length = gzip.length();
    }
    return start;
  }

  @Override
  public SpanReceipt send(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean kept = connection != null && connection.usable();
    SpanReceipt receipt = attempt(kept, deadline);
    // A kept connection may have been closed by the peer meanwhile: that says nothing about now.
    boolean stale = kept && connection == null && System.nanoTime() - deadline < 0;
    return stale ? attempt(false, deadline) : receipt;
  }

  @Override
  public void close() {
    closed = true;
    dialer.hangUp();
  }

  private SpanReceipt attempt(boolean kept, long deadline) {
    long left = deadline - System.nanoTime();
    ScheduledFuture<?> end = clock.schedule(dialer::hangUp, left, TimeUnit.NANOSECONDS);
    try {
      if (!kept) {
        connection = dialer.dial(Duration.ofNanos(left));
      }
      if (closed) {
        throw new IOException("closing");
      }
      return connection.post(request, from, length);
    } catch (IOException | RuntimeException e) {
      // A stranger's bytes may have led the parser astray: that ends the connection, no more.
      connection = null;
      dialer.hangUp();
      return broken(e, System.nanoTime() - deadline >= 0);
    } finally {
      end.cancel(false);
    }
  }

  private SpanReceipt broken(Exception cause, boolean late) {
    TraceFault fault = late ? TraceFault.TIMEOUT : TraceFault.UNREACHABLE;
    String why = late ? "no answer in time" : OtlpAnswer.printable(cause.toString());
    return new SpanReceipt.Later(fault, Duration.ZERO, config.uri().getAuthority() + ", " + why);
  }
}
