package dev.serving.trace.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as people write it, made one that can be connected to.
 *
 * @param uri with scheme, host and port; the path of the traces for HTTP, none for gRPC
 * @param protocol how it is spoken to
 */
record OtlpEndpoint(URI uri, OtlpProtocol protocol) {
  private static final String TRACES = "/v1/traces";

  /** A name as DNS has it, or an address; no client of OTLP takes more. */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "((?=[^:]{1,253}(:|$))[\\w~-]{1,63}(\\.[\\w~-]{1,63})*+\\.?|\\[[0-9A-Fa-f:.]{2,45}\\])"
              + "(:\\d{1,5})?");

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
    int given = port(uri);
    OtlpProtocol protocol = wanted.orElseGet(() -> protocolOf(given));
    int port = given >= 0 ? given : defaultPort(text, uri, protocol);
    return new OtlpEndpoint(
        URI.create(uri.getScheme() + "://" + host(uri) + ":" + port + path(uri, protocol)),
        protocol);
  }

  /**
   * The endpoint of the traces under a base that serves all signals, as {@code
   * OTEL_EXPORTER_OTLP_ENDPOINT} has it: {@code /v1/traces} follows whatever path there is, before
   * a query.
   */
  static String underBase(String base) {
    String text = base.strip().replaceAll("#.*", "");
    int query = text.indexOf('?');
    String before = query < 0 ? text : text.substring(0, query);
    boolean bare = path(uri(text)).isEmpty();
    return bare || before.endsWith(TRACES)
        ? text
        : before.replaceAll("/+$", "") + TRACES + text.substring(before.length());
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
    int colon = withScheme.indexOf("://");
    try {
      URI uri =
          new URI(
              withScheme.substring(0, colon).toLowerCase(Locale.ROOT)
                  + withScheme.substring(colon));
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (known
          && uri.getRawAuthority() != null
          && AUTHORITY.matcher(uri.getRawAuthority()).matches()) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw unusable(e);
    }
    throw unusable(null);
  }

  // java.net.URI knows no host with an underscore, which Docker's names may have and DNS takes.
  private static String host(URI uri) {
    String authority = uri.getRawAuthority();
    int colon = colon(authority);
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  private static int port(URI uri) {
    String authority = uri.getRawAuthority();
    int colon = colon(authority);
    int port = colon < 0 ? -1 : Integer.parseInt(authority.substring(colon + 1));
    if (port == 0 || port > 65_535) {
      throw unusable(null);
    }
    return port;
  }

  private static int colon(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? colon : -1;
  }

  // The text is not repeated: people put passwords into URLs.
  private static TracingConfigException unusable(@Nullable Exception cause) {
    return new TracingConfigException(
        "The endpoint is not usable: expected a URL such as http://localhost:4318, or host:port;"
            + " a user name or password belongs into a header.",
        cause);
  }

  private static OtlpProtocol protocolOf(int port) {
    return port == OtlpProtocol.GRPC.port() ? OtlpProtocol.GRPC : OtlpProtocol.HTTP_PROTOBUF;
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
