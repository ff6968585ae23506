package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.TracingConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What TLS needs, made of PEM files.
 *
 * @param context makes the connections
 * @param trust whom it trusts
 */
record OtlpTls(SSLContext context, X509TrustManager trust) {
  private static final char[] NO_PASSWORD = new char[0];

  /**
   * TLS for this configuration.
   *
   * @throws TracingConfigException if a file cannot be used; the message names the setting
   */
  static OtlpTls of(OtlpConfig config) {
    config.checkClient();
    try {
      X509TrustManager trust = trust(config);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(config), new TrustManager[] {trust}, null);
      return new OtlpTls(context, trust);
    } catch (IOException | GeneralSecurityException e) {
      throw new TracingConfigException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static X509TrustManager trust(OtlpConfig config)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    // Of no store, the JDK's authorities are made.
    factory.init(config.certificate().isPresent() ? authorities(config.certificate().get()) : null);
    return Stream.of(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("the JDK has no X.509"));
  }

  private static KeyStore authorities(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate authority : certificates(file, "CERTIFICATE")) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    return store;
  }

  private static KeyManager[] keys(OtlpConfig config) throws IOException, GeneralSecurityException {
    if (config.clientKey().isEmpty()) {
      return null;
    }
    Collection<? extends Certificate> chain =
        certificates(config.clientCertificate().orElseThrow(), "CLIENT_CERTIFICATE");
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "client", key(config.clientKey().get()), NO_PASSWORD, chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file, String setting)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!all.isEmpty()) {
        return all;
      }
    } catch (GeneralSecurityException e) {
      throw unusable(setting, file, "PEM certificates", e);
    }
    throw unusable(setting, file, "PEM certificates", null);
  }

  private static PrivateKey key(Path file) throws IOException {
    String pem = Files.readString(file);
    String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return Stream.of("RSA", "EC", "EdDSA")
        .flatMap(algorithm -> key(algorithm, body).stream())
        .findFirst()
        .orElseThrow(
            () ->
                unusable(
                    "CLIENT_KEY",
                    file,
                    "an unencrypted PKCS#8 key (openssl pkcs8 -topk8 -nodes)",
                    null));
  }

  private static Optional<PrivateKey> key(String algorithm, String body) {
    try {
      PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static TracingConfigException unusable(
      String setting, Path file, String expected, Exception cause) {
    return new TracingConfigException(
        "OTEL_EXPORTER_OTLP_%s: %s does not hold %s".formatted(setting, file, expected), cause);
  }
}
