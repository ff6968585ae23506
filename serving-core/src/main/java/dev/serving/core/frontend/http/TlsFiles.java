package dev.serving.core.frontend.http;

import dev.serving.core.config.TlsConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A server's certificates and its key, from files in the PEM forms that other servers take. */
public final class TlsFiles {
  private static final Pattern CERTIFICATES =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  /** How a key of each kind signs what its certificate can check. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private TlsFiles() {}

  /**
   * What a server proves who it is with.
   *
   * @param chain its certificates, the server's own first
   * @param key the key of the first
   */
  public record Identity(List<X509Certificate> chain, PrivateKey key) {
    @Override
    public String toString() {
      return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
  }

  /**
   * Reads both.
   *
   * @throws IOException when a file cannot be read
   * @throws IllegalArgumentException when a file is not what it should be, or the key is not the
   *     certificate's; the message names the file
   */
  public static Identity read(TlsConfig tls) throws IOException {
    List<X509Certificate> chain = certificates(tls.certificate());
    PrivateKey key = PrivateKeyFile.read(tls.key());
    if (!belong(key, chain.get(0))) {
      throw new IllegalArgumentException(
          "the key in %s is not that of the certificate in %s"
              .formatted(tls.key(), tls.certificate()));
    }
    return new Identity(chain, key);
  }

  static SslContext open(TlsConfig tls) throws IOException {
    Identity identity = read(tls);
    return SslContextBuilder.forServer(identity.key(), identity.chain())
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
  }

  /** There may be a key and comments beside them. */
  private static List<X509Certificate> certificates(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<String> blocks = CERTIFICATES.matcher(text).results().map(MatchResult::group).toList();
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no certificate in PEM form");
    }
    try {
      byte[] all = String.join("\n", blocks).getBytes(StandardCharsets.ISO_8859_1);
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(all))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static boolean belong(PrivateKey key, X509Certificate certificate) {
    String kind = SIGNATURES.get(key.getAlgorithm());
    if (kind == null) {
      return true; // not known how to tell
    }
    try {
      Signature signature = Signature.getInstance(kind);
      signature.initSign(key);
      signature.update(certificate.getEncoded());
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(certificate.getEncoded());
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // of another kind
    }
  }
}
