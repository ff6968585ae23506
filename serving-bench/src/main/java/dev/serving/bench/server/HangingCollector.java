package dev.serving.bench.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;

/** A receiver of OTLP over HTTP that can be told to answer nobody for a while. */
final class HangingCollector implements AutoCloseable {
  private final Phaser hanging = new Phaser();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  HangingCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::handle);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Takes requests and answers none, until {@link #answerAgain}. */
  void hang() {
    hanging.register();
  }

  void answerAgain() {
    hanging.arriveAndDeregister();
  }

  private void handle(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (hanging.getRegisteredParties() > 0) {
      hanging.awaitAdvance(hanging.getPhase());
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
