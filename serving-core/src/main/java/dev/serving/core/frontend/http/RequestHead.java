package dev.serving.core.frontend.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a request says before its body.
 *
 * @param method as sent
 * @param path without the query
 * @param query after the question mark, or null
 * @param version {@code 1.1} or {@code 1.0}
 * @param secure whether it came through TLS
 * @param headers all headers
 * @param client the other end
 * @param server this end
 * @param firstByteNanos when its first byte was read, by {@link System#nanoTime}
 */
public record RequestHead(
    String method,
    String path,
    String query,
    String version,
    boolean secure,
    HttpHeaders headers,
    SocketAddress client,
    SocketAddress server,
    long firstByteNanos) {

  /** The path by which a handler is found: decoded, and without a slash at its end. */
  public String route() {
    String bare =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    try {
      return new QueryStringDecoder(bare, StandardCharsets.UTF_8, true).path();
    } catch (IllegalArgumentException e) { // half an escape: no path of ours
      return bare;
    }
  }

  /** The first header of a name, in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The client's IP address, or "" when the connection is gone. */
  public String clientAddress() {
    return client instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
  }

  /** The client's port, or 0. */
  public int clientPort() {
    return client instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }
}
