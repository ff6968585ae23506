package dev.serving.core.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Optional;
import java.util.Set;

/**
 * Where and to whom the HTTP server listens.
 *
 * @param host the address to bind; loopback unless the operator says otherwise
 * @param port the port; 0 takes a free one
 * @param tls certificate and key, or empty for plain HTTP
 * @param corsOrigins origins whose pages may call this server; empty for none, {@code *} for all
 * @param allowedHosts further names in lower case, without ports, by which it may be asked on
 *     loopback
 */
@RecordBuilder
public record ListenConfig(
    String host,
    int port,
    Optional<TlsConfig> tls,
    Set<String> corsOrigins,
    Set<String> allowedHosts)
    implements ListenConfigBuilder.With {
  /** Plain HTTP on 127.0.0.1:8000, no page of another origin. */
  public static final ListenConfig DEFAULT =
      new ListenConfig("127.0.0.1", 8000, Optional.empty(), Set.of(), Set.of());

  /** Refuses hosts and ports that are none. */
  public ListenConfig {
    if (host.isBlank()) {
      throw new IllegalArgumentException("--host must be a name or an address, was blank");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("--port must be 0 to 65535, was " + port);
    }
    corsOrigins = Set.copyOf(corsOrigins);
    allowedHosts = Set.copyOf(allowedHosts);
  }

  /** A copy with TLS. */
  public ListenConfig withTls(TlsConfig newTls) {
    return withTls(Optional.of(newTls));
  }
}
