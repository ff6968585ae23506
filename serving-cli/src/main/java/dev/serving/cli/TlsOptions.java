package dev.serving.cli;

import dev.serving.cli.HelpGroup.Topic;
import dev.serving.core.config.TlsConfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** With which certificate something listens, if it speaks TLS. */
@HelpGroup(Topic.ADDRESS)
final class TlsOptions {
  @Option(names = "--ssl-certfile", paramLabel = "PEM", description = "Certificate chain for TLS.")
  private Path certificate;

  @Option(names = "--ssl-keyfile", paramLabel = "PEM", description = "Private key for TLS.")
  private Path key;

  /**
   * The files; empty without TLS.
   *
   * @throws IllegalArgumentException when one of the two is missing
   */
  Optional<TlsConfig> config() {
    if (certificate == null && key == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null) {
      throw new IllegalArgumentException("TLS needs both --ssl-certfile and --ssl-keyfile");
    }
    return Optional.of(new TlsConfig(certificate, key));
  }
}
