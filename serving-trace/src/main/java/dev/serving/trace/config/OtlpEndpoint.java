package dev.serving.trace.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint as people write it, made one that can be connected to.
 *
 * @param uri with scheme, host and port; the path of the traces for HTTP, none for gRPC
 * @param protocol how it is spoken to
 */
record OtlpEndpoint(URI uri, OtlpProtocol protocol) {
  private static final String TRACES = "/v1/traces";
  private static final Set<String> RESERVED =
      Set.of(
          "connection", "content-length", "expect", "host", "te", "transfer-encoding", "upgrade");

  /**
   * Reads {@code http(s)://host:port/path}, {@code host:port} and {@code host}.
   *
   * @throws TracingConfigException if it is none of these
   */
  static OtlpEndpoint parse(String text, Optional<OtlpProtocol> wanted) {
    URI uri = uri(text.isBlank() ? "localhost" : text.strip());
    OtlpProtocol protocol = wanted.orElseGet(() -> protocolOf(uri));
    int port = uri.getPort() >= 0 ? uri.getPort() : defaultPort(text, uri, protocol);
    return new OtlpEndpoint(
        URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port + path(uri, protocol)),
        protocol);
  }

  /**
   * The endpoint of the traces under a base that serves all signals, as {@code
   * OTEL_EXPORTER_OTLP_ENDPOINT} has it: {@code /v1/traces} follows whatever path there is.
   */
  static String underBase(String base) {
    String text = base.strip();
    boolean bare = path(uri(text)).isEmpty();
    return bare || text.endsWith(TRACES) ? text : text.replaceAll("/+$", "") + TRACES;
  }

  static void checkHeader(String name, String value) {
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new TracingConfigException("The OTLP header '" + name + "' is set by the transport.");
    }
    if (name.isEmpty() || !name.chars().allMatch(OtlpEndpoint::tokenCharacter)) {
      throw new TracingConfigException(
          "An OTLP header's name is letters, digits and '-', as in 'authorization'.");
    }
    if (value.chars().anyMatch(c -> c != '\t' && (c < ' ' || c > '~'))) {
      throw new TracingConfigException(
          "The value of the OTLP header '" + name + "' may hold printable ASCII only.");
    }
  }

  private static boolean tokenCharacter(int c) {
    return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
  }

  private static URI uri(String text) {
    String withScheme = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = new URI(withScheme);
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (known && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw unusable(e);
    }
    throw unusable(null);
  }

  // The text is not repeated: people put passwords into URLs.
  private static TracingConfigException unusable(Exception cause) {
    return new TracingConfigException(
        "The endpoint is not usable: expected a URL such as http://localhost:4318, or host:port;"
            + " a user name or password belongs into a header.",
        cause);
  }

  private static OtlpProtocol protocolOf(URI uri) {
    return uri.getPort() == OtlpProtocol.GRPC.port()
        ? OtlpProtocol.GRPC
        : OtlpProtocol.HTTP_PROTOBUF;
  }

  private static int defaultPort(String text, URI uri, OtlpProtocol protocol) {
    if (!text.contains("://")) {
      return protocol.port();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private static String path(URI uri, OtlpProtocol protocol) {
    if (protocol == OtlpProtocol.GRPC) {
      return "";
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return (path(uri).isEmpty() ? TRACES : uri.getRawPath()) + query;
  }

  private static String path(URI uri) {
    return "/".equals(uri.getRawPath()) ? "" : uri.getRawPath();
  }
}
