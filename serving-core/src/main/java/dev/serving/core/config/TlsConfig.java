package dev.serving.core.config;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate and its key, both PEM.
 *
 * @param certificate the certificate chain
 * @param key the private key in PKCS#8, PKCS#1 or SEC1 form, not encrypted
 */
public record TlsConfig(Path certificate, Path key) {
  /** Refuses files that cannot be read, naming the option. */
  public TlsConfig {
    require("--ssl-certfile", certificate);
    require("--ssl-keyfile", key);
  }

  private static void require(String option, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(option + " must be a readable file, was " + file);
    }
  }
}
