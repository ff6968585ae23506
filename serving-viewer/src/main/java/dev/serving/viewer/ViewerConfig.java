package dev.serving.viewer;

import java.util.Objects;

/**
 * Where a {@link Viewer} listens and how much it keeps.
 *
 * @param host address to bind to; loopback unless others may read the traces
 * @param port port to bind to, 0 for any free one
 * @param maxSpans spans kept at most, in all traces together
 * @param maxBytes estimated heap of the kept spans at most, in bytes
 * @param maxBodyBytes size of one export request at most, in bytes after decompression
 * @param maxInFlightBytes size of all request bodies held at once, in bytes; more is answered 429
 */
public record ViewerConfig(
    String host, int port, int maxSpans, long maxBytes, int maxBodyBytes, long maxInFlightBytes) {

  /** Port that OTLP over HTTP uses by convention. */
  public static final int OTLP_HTTP_PORT = 4318;

  /** Checks every bound; throws {@link IllegalArgumentException} that names the one at fault. */
  public ViewerConfig {
    Objects.requireNonNull(host, "host");
    require(!host.isBlank(), "host must be a name or an address, was blank");
    require(port >= 0 && port <= 65_535, "port must be 0 (any free one) to 65535, was " + port);
    require(maxSpans > 0, "maxSpans must be positive, was " + maxSpans);
    require(maxBytes > 0, "maxBytes must be positive, was " + maxBytes);
    require(maxBodyBytes > 0, "maxBodyBytes must be positive, was " + maxBodyBytes);
    require(
        maxInFlightBytes >= maxBodyBytes,
        "maxInFlightBytes must be at least maxBodyBytes (%d), was %d"
            .formatted(maxBodyBytes, maxInFlightBytes));
  }

  /** Loopback, port 4318, 200,000 spans, 128 MiB of spans, bodies of 64 MiB, 128 MiB of them. */
  public static ViewerConfig defaults() {
    return new ViewerConfig("127.0.0.1", OTLP_HTTP_PORT, 200_000, 128L << 20, 64 << 20, 128L << 20);
  }

  /** The same, listening on another port; 0 for any free one. */
  public ViewerConfig withPort(int newPort) {
    return new ViewerConfig(host, newPort, maxSpans, maxBytes, maxBodyBytes, maxInFlightBytes);
  }

  /** The same, bound to another address. */
  public ViewerConfig withHost(String newHost) {
    return new ViewerConfig(newHost, port, maxSpans, maxBytes, maxBodyBytes, maxInFlightBytes);
  }

  /** The same, keeping at most so many spans and so many bytes of them. */
  public ViewerConfig withStore(int newMaxSpans, long newMaxBytes) {
    return new ViewerConfig(host, port, newMaxSpans, newMaxBytes, maxBodyBytes, maxInFlightBytes);
  }

  /** The same, with other bounds on one request body and on all of them together, in bytes. */
  public ViewerConfig withBodies(int newMaxBodyBytes, long newMaxInFlightBytes) {
    return new ViewerConfig(host, port, maxSpans, maxBytes, newMaxBodyBytes, newMaxInFlightBytes);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
