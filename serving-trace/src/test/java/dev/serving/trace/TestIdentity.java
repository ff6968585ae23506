package dev.serving.trace;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and its self-signed certificate for {@code localhost}, made on the spot.
 *
 * @param key PEM file, PKCS#8
 * @param certificate PEM file
 */
public record TestIdentity(Path key, Path certificate) {
  private static final String PASSWORD = "changeit";

  public static TestIdentity make(Path dir, String name, String algorithm) throws Exception {
    Path store = dir.resolve(name + ".p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                keytool,
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("keytool failed: " + said);
    }
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      all.load(in, PASSWORD.toCharArray());
    }
    byte[] key = all.getKey("it", PASSWORD.toCharArray()).getEncoded();
    return new TestIdentity(
        pem(dir.resolve(name + "-key.pem"), "PRIVATE KEY", key),
        pem(dir.resolve(name + ".pem"), "CERTIFICATE", all.getCertificate("it").getEncoded()));
  }

  private static Path pem(Path file, String what, byte[] bytes) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }

  /** What a server of this identity speaks TLS with; it trusts clients of this certificate. */
  public SSLContext context(Path trusted) throws Exception {
    CertificateFactory x509 = CertificateFactory.getInstance("X.509");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    String pem = Files.readString(key).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
    try (InputStream own = Files.newInputStream(certificate);
        InputStream other = Files.newInputStream(trusted)) {
      Certificate mine = x509.generateCertificate(own);
      String algorithm = mine.getPublicKey().getAlgorithm();
      PrivateKey secret = KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      store.setKeyEntry("it", secret, new char[0], new Certificate[] {mine});
      store.setCertificateEntry("other", x509.generateCertificate(other));
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
