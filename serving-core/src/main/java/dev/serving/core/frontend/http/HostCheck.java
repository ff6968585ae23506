package dev.serving.core.frontend.http;

import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.api.ApiError;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps web pages out of a server without keys. A page that somebody here looks at may send
 * requests to loopback; a browser marks them with the page's origin. And a site may give a name of
 * its own the address 127.0.0.1 (DNS rebinding), and the browser takes the server for a part of it;
 * the request then has that name in {@code Host}, which has a dot, since nobody else can give out
 * names without.
 */
final class HostCheck {
  private final ListenConfig listen;

  HostCheck(ListenConfig listen) {
    this.listen = listen;
  }

  Optional<ApiError> refusal(RequestHead head) {
    String host = head.header("host").orElse("");
    if (reachedOnLoopback(head) && !isOurs(name(host))) {
      return Optional.of(
          ApiError.wrongHost(
              "This server answers on loopback by its address or 'localhost', not as '"
                  + name(host)
                  + "'; see --allowed-hosts."));
    }
    Optional<String> origin = head.header("origin");
    if (origin.isPresent() && !mayCall(origin.get(), host)) {
      return Optional.of(
          ApiError.wrongOrigin(
              "Pages of this origin may not call the server; see --cors-origins."));
    }
    return Optional.empty();
  }

  private static boolean reachedOnLoopback(RequestHead head) {
    return head.server() instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress();
  }

  private boolean isOurs(String name) {
    boolean address = name.startsWith("[") || name.matches("[0-9.]+");
    return address
        || name.indexOf('.') < 0
        || name.endsWith(".localhost")
        || name.endsWith(".internal") // nobody's on the internet; containers call their host so
        || name.equals(listen.host().toLowerCase(Locale.ROOT))
        || listen.allowedHosts().contains(name);
  }

  private boolean mayCall(String origin, String host) {
    return listen.corsOrigins().contains("*")
        || listen.corsOrigins().contains(origin)
        || sameOrigin(origin, host);
  }

  private static boolean sameOrigin(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) { // no URI, so no page of ours
      return false;
    }
  }

  /** Without the port, and without the dot that may end a full name. */
  private static String name(String host) {
    String bare = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
  }
}
