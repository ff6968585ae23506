package dev.serving.viewer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** Under which addresses a bound socket is reached. */
final class Addresses {
  private Addresses() {}

  /** The address it is bound to; of all interfaces' each one, loopback first. */
  static List<URI> of(String scheme, InetSocketAddress bound) {
    Stream<InetAddress> reached =
        bound.getAddress().isAnyLocalAddress()
            ? Stream.concat(Stream.of(InetAddress.getLoopbackAddress()), ofInterfaces())
            : Stream.of(bound.getAddress());
    return reached.map(address -> uri(scheme, address, bound.getPort())).distinct().toList();
  }

  private static Stream<InetAddress> ofInterfaces() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress());
    } catch (SocketException unknown) {
      return Stream.empty();
    }
  }

  private static URI uri(String scheme, InetAddress address, int port) {
    String host = address.getHostAddress().replaceFirst("%.*", "");
    return URI.create(
        "%s://%s:%d/".formatted(scheme, host.contains(":") ? "[" + host + "]" : host, port));
  }
}
