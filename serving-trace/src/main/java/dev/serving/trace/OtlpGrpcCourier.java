package dev.serving.trace;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Delivers OTLP over gRPC, on a connection of its own that is opened when it is needed. */
final class OtlpGrpcCourier implements SpanCourier {
  private static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private final OtlpConfig config;
  private final URI uri;
  private final SSLContext tls;
  private final ScheduledExecutorService clock;
  private final SpanEncoder encoder;
  private final GzipBody gzip = new GzipBody();
  private final byte[] headers;
  private volatile Socket tcp = new Socket();
  private volatile boolean closed;
  private GrpcConnection connection;
  private byte[] message;
  private int from;
  private int length;

  /** Makes a courier; {@code tls} is null for a plain connection, the clock ends late attempts. */
  OtlpGrpcCourier(OtlpConfig config, SSLContext tls, ScheduledExecutorService clock, int maxBytes) {
    this.config = config;
    this.uri = config.uri();
    this.tls = tls;
    this.clock = clock;
    this.encoder = new SpanEncoder(maxBytes);
    this.headers = headers();
  }

  @Override
  public int load(SpanData[] spans, int end) {
    int start = encoder.encode(spans, end);
    ProtoWriter out = encoder.out();
    message = out.array();
    from = out.offset();
    length = out.length();
    if (config.gzip()) {
      gzip.compress(message, from, length);
      message = gzip.array();
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
    boolean stale = kept && connection == null && System.nanoTime() - deadline < 0 && !closed;
    return stale ? attempt(false, deadline) : receipt;
  }

  @Override
  public void close() {
    closed = true;
    disconnect();
  }

  private SpanReceipt attempt(boolean kept, long deadline) {
    long left = deadline - System.nanoTime();
    ScheduledFuture<?> end = null;
    try {
      if (!kept) {
        disconnect();
        tcp = new Socket();
      }
      end = clock.schedule(this::disconnect, left, TimeUnit.NANOSECONDS);
      if (!kept) {
        connection = connect((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      }
      return connection.call(headers, message, from, length, config.gzip()).receipt(length);
    } catch (IOException e) {
      connection = null;
      disconnect();
      return broken(e, System.nanoTime() - deadline >= 0);
    } finally {
      if (end != null) {
        end.cancel(false);
      }
    }
  }

  private GrpcConnection connect(int millis) throws IOException {
    tcp.setTcpNoDelay(true);
    tcp.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), millis);
    return new GrpcConnection(tls == null ? tcp : secured());
  }

  private SSLSocket secured() throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(tcp, uri.getHost(), uri.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  // The plain socket is closed, also under TLS: closing the secured one could wait for a write.
  private void disconnect() {
    try {
      tcp.close();
    } catch (IOException e) {
      // Nothing is lost: the connection is of no more use anyway.
      connection = null;
    }
  }

  private SpanReceipt broken(IOException cause, boolean late) {
    TraceFault fault = late ? TraceFault.TIMEOUT : TraceFault.UNREACHABLE;
    String why = uri.getAuthority() + ", " + OtlpAnswer.printable(cause.toString());
    return new SpanReceipt.Later(fault, Duration.ZERO, late ? "no answer in time" : why);
  }

  private byte[] headers() {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    Hpack.write(block, ":method", "POST");
    Hpack.write(block, ":scheme", uri.getScheme());
    Hpack.write(block, ":path", PATH);
    Hpack.write(block, ":authority", uri.getAuthority());
    Hpack.write(block, "content-type", "application/grpc");
    Hpack.write(block, "te", "trailers");
    Hpack.write(block, "user-agent", "Serving-OTLP-Exporter-Java");
    Hpack.write(block, "grpc-accept-encoding", "identity");
    if (config.gzip()) {
      Hpack.write(block, "grpc-encoding", "gzip");
    }
    config.headers().forEach((name, value) -> Hpack.write(block, name, value));
    return block.toByteArray();
  }
}
