package dev.serving.cli;

import dev.serving.trace.TracingConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * Where a server's traces go and under whose name, as a digest: its headers are secret. Any thread.
 *
 * @param digest of the receiver's address, what is sent with each request, and the service
 */
record TraceReceiver(String digest) {
  private static final String FILE = "receiver";

  static TraceReceiver of(TracingConfig config) {
    String all =
        String.join(
            "\n",
            config.exporter().name(),
            config.otlp().uri().toString(),
            new TreeMap<>(config.otlp().headers()).toString(),
            config.service().toString());
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] bytes = sha.digest(all.getBytes(StandardCharsets.UTF_8));
      return new TraceReceiver(HexFormat.of().formatHex(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Says in a server's directory for whom its journals are. */
  void noteIn(Path run) throws IOException {
    Files.writeString(run.resolve(FILE), digest);
  }

  /** Whether the journals in a server's directory are for this one. */
  boolean isNotedIn(Path run) {
    try {
      return Files.readString(run.resolve(FILE)).equals(digest);
    } catch (IOException e) {
      return false; // it was killed before it could say so
    }
  }
}
