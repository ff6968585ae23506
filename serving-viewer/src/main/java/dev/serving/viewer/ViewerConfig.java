package dev.serving.viewer;

import dev.serving.viewer.store.StoreConfig;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a {@link Viewer} listens, who may ask it, and how much it keeps.
 *
 * @param host address to bind to; loopback unless others may read the traces
 * @param port port to bind to, 0 for any free one
 * @param token what every sender and reader must know, empty for none; beyond loopback there must
 *     be one
 * @param tls speaks TLS alone, if there is any
 * @param store what it keeps
 * @param maxBodyBytes size of one export request at most, in bytes after decompression
 * @param maxInFlightBytes size of all request bodies held at once, in bytes; more is answered 429
 */
@RecordBuilder
public record ViewerConfig(
    String host,
    int port,
    String token,
    Optional<ViewerTls> tls,
    StoreConfig store,
    int maxBodyBytes,
    long maxInFlightBytes)
    implements ViewerConfigBuilder.With {

  /** Port that OTLP over HTTP uses by convention. */
  public static final int OTLP_HTTP_PORT = 4318;

  /** Checks every bound; throws {@link IllegalArgumentException} that names the one at fault. */
  public ViewerConfig {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(store, "store");
    require(!host.isBlank(), "--host must be a name or an address, was blank");
    require(port >= 0 && port <= 65_535, "--port must be 0 (any free one) to 65535, was " + port);
    require(token.matches("[!-~]*"), "token must be printable ASCII without spaces");
    require(maxBodyBytes > 0, "maxBodyBytes must be positive, was " + maxBodyBytes);
    require(
        maxInFlightBytes >= maxBodyBytes,
        "maxInFlightBytes must be at least maxBodyBytes (%d), was %d"
            .formatted(maxBodyBytes, maxInFlightBytes));
  }

  /**
   * Loopback, port 4318, no token, no TLS, the store's defaults, bodies of 64 MiB, 128 MiB of them.
   */
  public static ViewerConfig defaults() {
    return new ViewerConfig(
        "127.0.0.1",
        OTLP_HTTP_PORT,
        "",
        Optional.empty(),
        StoreConfig.DEFAULT,
        64 << 20,
        128L << 20);
  }

  /** The same, with other bounds on one request body and on all of them together, in bytes. */
  public ViewerConfig withBodies(int newMaxBodyBytes, long newMaxInFlightBytes) {
    return with(b -> b.maxBodyBytes(newMaxBodyBytes).maxInFlightBytes(newMaxInFlightBytes));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
