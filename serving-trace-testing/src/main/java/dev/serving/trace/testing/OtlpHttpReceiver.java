package dev.serving.trace.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** OTLP over HTTP by the JDK's server, at {@code /v1/traces} and nowhere else. */
public final class OtlpHttpReceiver extends OtlpTestReceiver {
  static {
    // Else its answers wait 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private OtlpHttpReceiver(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public static OtlpHttpReceiver plain() throws IOException {
    return plain(0);
  }

  public static OtlpHttpReceiver plain(int port) throws IOException {
    return new OtlpHttpReceiver(HttpServer.create(address(port), 0), "http");
  }

  /** Over TLS, and only for clients with a certificate that the context trusts, if wanted. */
  public static OtlpHttpReceiver secured(SSLContext tls, boolean clientCertificate)
      throws IOException {
    HttpsServer server = HttpsServer.create(address(0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters all = tls.getDefaultSSLParameters();
            all.setNeedClientAuth(clientCertificate);
            parameters.setSSLParameters(all);
          }
        });
    return new OtlpHttpReceiver(server, "https");
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public String endpoint() {
    return scheme + "://localhost:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/v1/traces")) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    reply(exchange, received(request(exchange), headersOf(exchange)));
  }

  private static ExportTraceServiceRequest request(HttpExchange exchange) throws IOException {
    try (InputStream body = exchange.getRequestBody()) {
      boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"));
      return ExportTraceServiceRequest.parseFrom(gzip ? new GZIPInputStream(body) : body);
    }
  }

  private static Map<String, String> headersOf(HttpExchange exchange) {
    Map<String, String> all = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> all.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    return all;
  }

  private static void reply(HttpExchange exchange, OtlpReply reply) throws IOException {
    if (reply instanceof OtlpReply.Taken taken) {
      exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
      send(exchange, 200, taken.response().toByteArray());
    } else if (reply instanceof OtlpReply.Http http) {
      http.headers().forEach(exchange.getResponseHeaders()::set);
      send(exchange, http.status(), http.body().toByteArray());
    } else if (reply instanceof OtlpReply.Page page) {
      exchange.getResponseHeaders().set("content-type", "text/html");
      send(exchange, page.status(), page.body().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
