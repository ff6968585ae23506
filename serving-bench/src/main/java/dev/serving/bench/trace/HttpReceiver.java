package dev.serving.bench.trace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** Counts what comes over HTTP. */
public final class HttpReceiver implements CountingReceiver {
  static {
    // Else its answers wait 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final LongAdder spans = new LongAdder();
  private HttpServer server;
  private ExecutorService threads;
  private int port;

  @Override
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void start() throws IOException {
    threads = Executors.newCachedThreadPool();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::handle);
    server.start();
    port = server.getAddress().getPort();
  }

  @Override
  public void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Override
  public long spans() {
    return spans.sum();
  }

  private void handle(HttpExchange exchange) throws IOException {
    long count = SpanCount.of(exchange.getRequestBody().readAllBytes());
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
    spans.add(count);
  }
}
