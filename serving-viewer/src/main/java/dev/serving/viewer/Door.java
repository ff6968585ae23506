package dev.serving.viewer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Who may come in, over HTTP and gRPC alike: programs under whatever name they know the machine by,
 * and the browsers of people who mean this viewer; not what another site's page makes a browser
 * ask.
 *
 * <p>Such a page shows itself in two ways. It says so in {@code Origin} or {@code Sec-Fetch-Site};
 * or it was loaded under a name of its own that now leads here (DNS rebinding), and then the {@code
 * Host} is a name that somebody could register, asked for by a browser. The second matters on
 * loopback alone: elsewhere the token is asked for, which a browser keeps by name.
 */
final class Door {
  // Names below these belong to nobody on the public network.
  private static final String PRIVATE =
      ".*\\.(localhost|local|internal|lan|home|home\\.arpa|corp|intranet|private|test)";

  private final String token;
  private final String machine = nameOfMachine();

  /** Empty for a viewer without a token. */
  Door(String token) {
    this.token = token;
  }

  /**
   * Why somebody may not come in.
   *
   * @param httpStatus as HTTP says it
   * @param grpcStatus as gRPC says it
   * @param reason for the sender's log
   */
  record No(int httpStatus, int grpcStatus, String reason) {}

  /** The door as it is met on one address of this machine. */
  record Side(Door door, InetAddress reached) {
    Optional<No> check(String host, UnaryOperator<String> header) {
      return door.check(reached, host, header);
    }
  }

  /**
   * Empty if the sender may come in.
   *
   * @param reached the address of this machine that was connected to
   * @param host the {@code Host} header, or what HTTP/2 has for it
   * @param header a header's value by its name in lower case, empty where it is missing
   */
  Optional<No> check(InetAddress reached, String host, UnaryOperator<String> header) {
    String name = nameOf(host);
    String origin = header.apply("origin");
    if (isForeign(origin, name) || isForeignFetch(header)) {
      return no("a page of another site (" + origin + ") asks through a browser");
    }
    if (reached.isLoopbackAddress() && !isOwn(name) && isBrowser(header)) {
      return no(
          "the name '"
              + name
              + "' could be another site's and a browser asks: open localhost or the address");
    }
    return Bearer.allows(token, header.apply("authorization"))
        ? Optional.empty()
        : Optional.of(new No(401, GrpcReply.UNAUTHENTICATED, Bearer.WANTED));
  }

  private static Optional<No> no(String reason) {
    return Optional.of(
        new No(403, GrpcReply.PERMISSION_DENIED, "refused by the viewer: " + reason));
  }

  private static boolean isForeign(String origin, String host) {
    if (origin.isEmpty()) {
      return false;
    }
    String name = nameOf(origin.replaceFirst("^[a-z]+://", ""));
    return origin.equals("null") || !(name.equals(host) || isLocalhost(name));
  }

  /** Following a link from elsewhere is no page's doing but its reader's. */
  private static boolean isForeignFetch(UnaryOperator<String> header) {
    return header.apply("sec-fetch-site").equals("cross-site")
        && !header.apply("sec-fetch-mode").equals("navigate");
  }

  /** A browser's page cannot leave out all of these. */
  private static boolean isBrowser(UnaryOperator<String> header) {
    return header.apply("user-agent").startsWith("Mozilla/")
        || !header.apply("accept-language").isEmpty()
        || !header.apply("origin").isEmpty()
        || !header.apply("referer").isEmpty()
        || !header.apply("sec-fetch-site").isEmpty();
  }

  /** Whether no stranger can have registered this name: an address, a bare or a private name. */
  private boolean isOwn(String name) {
    return name.isEmpty()
        || isAddress(name)
        || name.indexOf('.') < 0
        || name.equals(machine)
        || name.matches(PRIVATE);
  }

  private static boolean isLocalhost(String name) {
    return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}");
  }

  private static boolean isAddress(String name) {
    return name.startsWith("[") || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  /** A host without its port, its case and the dot that may end it. */
  private static String nameOf(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "").replaceFirst("\\.$", "");
  }

  private static String nameOfMachine() {
    try {
      return nameOf(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
