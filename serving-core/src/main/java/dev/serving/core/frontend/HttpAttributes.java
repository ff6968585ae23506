package dev.serving.core.frontend;

import dev.serving.core.frontend.http.RequestHead;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.net.InetSocketAddress;

/** OpenTelemetry's attributes of an HTTP server span, by the stable conventions. */
final class HttpAttributes {
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<Long> RESPONSE_SIZE = AttributeKey.longKey("http.response.body.size");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private HttpAttributes() {}

  /** What is known when the request is there. */
  static Attributes of(RequestHead head, String route, int bodyBytes) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("http.request.method", head.method())
            .put("http.route", route)
            .put("url.path", head.path())
            .put("url.scheme", head.secure() ? "https" : "http")
            .put("network.protocol.version", head.version())
            .put("client.address", head.clientAddress())
            .put("network.peer.address", head.clientAddress())
            .put("network.peer.port", head.clientPort())
            .put("http.request.body.size", bodyBytes);
    if (head.server() instanceof InetSocketAddress server) {
      attributes.put("server.address", server.getAddress().getHostAddress());
      attributes.put("server.port", server.getPort());
    }
    head.header("user-agent").ifPresent(agent -> attributes.put("user_agent.original", agent));
    head.header("x-request-id")
        .ifPresent(id -> attributes.put("http.request.header.x-request-id", new String[] {id}));
    return attributes.build();
  }
}
