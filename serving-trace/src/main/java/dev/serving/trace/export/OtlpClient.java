package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Makes one call after another through OkHttp, on the calling thread and a connection that is kept.
 * For one thread, except {@link #close}.
 */
final class OtlpClient implements AutoCloseable {
  private final OtlpSockets sockets = new OtlpSockets();
  private final OkHttpClient http;
  private volatile boolean closed;
  private volatile Call running;

  /** What a protocol reads from an answer. */
  interface Reader {
    SpanReceipt read(Response answer) throws IOException;
  }

  /** Makes a client; {@code tls} is null for plain connections. */
  OtlpClient(OtlpConfig config, OtlpTls tls) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .socketFactory(sockets)
            .connectionPool(new ConnectionPool(1, 5, TimeUnit.MINUTES))
            .eventListener(new HangUp())
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            // The deadline of each call is all there is to wait for,
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            // but a receiver that answers and reads no further is heard only when a write gives up.
            .writeTimeout(halfOf(config.timeout()));
    http = speaking(config.effectiveProtocol(), secured(builder, tls), tls != null).build();
  }

  /**
   * Makes the call, and again if a connection broke that had been kept: the peer may have closed it
   * meanwhile, and that says nothing about now.
   *
   * @throws IOException if there is no answer before the deadline, in {@link System#nanoTime}
   */
  SpanReceipt call(Request request, Reader reader, long deadline) throws IOException {
    int before = sockets.made();
    try {
      return once(request, reader, deadline);
    } catch (IOException e) {
      if (sockets.made() > before || closed || System.nanoTime() - deadline >= 0) {
        throw e;
      }
      return once(request, reader, deadline);
    }
  }

  /** Ends a running call, and all connections. May be called from any thread, twice. */
  @Override
  public void close() {
    closed = true;
    Call call = running;
    if (call != null) {
      call.cancel();
    }
    hangUp();
    http.dispatcher().executorService().shutdown();
  }

  private SpanReceipt once(Request request, Reader reader, long deadline) throws IOException {
    Call call = http.newCall(request);
    call.timeout().timeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    running = call;
    if (closed) {
      throw new IOException("closing");
    }
    sockets.expectAnswer();
    try (Response answer = call.execute()) {
      return reader.read(answer);
    } catch (IOException | RuntimeException e) {
      // A stranger's bytes may have led the parser astray: that ends the connection, no more.
      hangUp();
      throw e;
    }
  }

  private void hangUp() {
    http.connectionPool().evictAll();
    sockets.hangUp();
  }

  private static Duration halfOf(Duration timeout) {
    return Duration.ofMillis(Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis() / 2)));
  }

  private static OkHttpClient.Builder secured(OkHttpClient.Builder builder, OtlpTls tls) {
    return tls == null
        ? builder.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
        : builder.sslSocketFactory(tls.context().getSocketFactory(), tls.trust());
  }

  private static OkHttpClient.Builder speaking(
      OtlpProtocol protocol, OkHttpClient.Builder builder, boolean secured) {
    if (protocol == OtlpProtocol.HTTP_PROTOBUF) {
      return builder.protocols(List.of(Protocol.HTTP_1_1));
    }
    return secured
        ? builder
            // OkHttp insists on offering HTTP/1.1, too.
            .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
            .addNetworkInterceptor(OtlpClient::onlyHttp2)
        // No proxy passes this on.
        : builder.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).proxy(Proxy.NO_PROXY);
  }

  private static Response onlyHttp2(Interceptor.Chain chain) throws IOException {
    if (chain.connection().protocol() != Protocol.HTTP_2) {
      throw new ProtocolException("it chose HTTP/1.1");
    }
    return chain.proceed(chain.request());
  }

  /** Cancelling, also for lateness, must end a write that is stuck; OkHttp waits for it. */
  private final class HangUp extends EventListener {
    @Override
    public void canceled(Call call) {
      sockets.hangUp();
    }
  }
}
