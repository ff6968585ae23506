package dev.serving.core.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in the forms that openssl writes. */
class PrivateKeyFileTest {
  /** Where the older form begins in the newer one of an RSA key of 2048 bits. */
  private static final int WITHIN = 26;

  /** Made by {@code openssl ecparam -name prime256v1 -genkey -noout}; guards nothing. */
  private static final String SEC1 =
      """
          -----BEGIN EC PRIVATE KEY-----
          MHcCAQEEINvxsPQt2X8U9PNtInPteDCn0k3hey3DUlsGRHzOaJrToAoGCCqGSM49
          AwEHoUQDQgAExqw2dV1EpO1E4tLom2SEOYE2anXPqh40FD1U2iZbRIHfdZdsO0OP
          arGMSZdvQfWFNFV7+qz0dH3ssX7LEwqepw==
          -----END EC PRIVATE KEY-----
          """;

  @TempDir Path directory;

  private byte[] read(String pem) throws IOException {
    Path file = Files.writeString(directory.resolve("key.pem"), pem);
    return PrivateKeyFile.read(file).getEncoded();
  }

  private static String pem(String form, byte[] der) {
    String text = Base64.getMimeEncoder().encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(form, text, form);
  }

  @Test
  void anRsaKeyIsTheSameInBothForms() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    byte[] older = Arrays.copyOfRange(key, WITHIN, key.length);
    assertThat(read(pem("PRIVATE KEY", key))).isEqualTo(key);
    assertThat(read(pem("RSA PRIVATE KEY", older))).isEqualTo(key);
  }

  @Test
  void aKeyOfACurveIsReadAlsoBehindItsParameters() throws IOException, GeneralSecurityException {
    byte[] key = read(pem("EC PARAMETERS", new byte[] {6, 0}) + SEC1);
    assertThat(
            KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(key))
                .getAlgorithm())
        .isEqualTo("EC");
  }

  /** What {@code openssl req -newkey ed25519} writes; RFC 8410. */
  @Test
  void aKeyOfEdwardsCurveIsRead() throws Exception {
    byte[] key =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    assertThat(read(pem("PRIVATE KEY", key))).isEqualTo(key);
  }

  @Test
  void aKeyOfAKindThatJavaHasNotIsRefusedWithAWayOut() throws Exception {
    byte[] key = KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate().getEncoded();
    assertThatThrownBy(() -> read(pem("PRIVATE KEY", key)))
        .hasMessageContaining("that Java does not read");
  }

  /** The keys of the test's own certificate, and one that is another's. */
  @Test
  void aKeyThatIsNotTheCertificatesIsRefused() throws Exception {
    Path certificate = Path.of(getClass().getResource("/tls/cert.pem").toURI());
    Path key = Path.of(getClass().getResource("/tls/key.pem").toURI());
    assertThat(TlsFiles.open(new TlsConfig(certificate, key)).isServer()).isTrue();
    Path both = directory.resolve("both.pem");
    Files.writeString(both, Files.readString(key) + Files.readString(certificate));
    assertThat(TlsFiles.open(new TlsConfig(both, both)).isServer()).isTrue();
    Path other = Files.writeString(directory.resolve("other.pem"), SEC1);
    assertThatThrownBy(() -> TlsFiles.open(new TlsConfig(certificate, other)))
        .hasMessageContaining("is not that of the certificate in");
    assertThatThrownBy(() -> TlsFiles.open(new TlsConfig(key, key)))
        .hasMessageContaining("holds no certificate");
  }

  @Test
  void anEncryptedKeyIsRefusedWithAWayOut() {
    for (String pem :
        new String[] {
          pem("ENCRYPTED PRIVATE KEY", new byte[] {1}),
          "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n-----END RSA PRIVATE KEY-----"
        }) {
      assertThatThrownBy(() -> read(pem)).hasMessageContaining("is encrypted; decrypt it first");
    }
  }

  @Test
  void whatIsNoKeyIsRefused() {
    assertThatThrownBy(() -> read("hello")).hasMessageContaining("holds no private key");
    assertThatThrownBy(() -> read(pem("OPENSSH PRIVATE KEY", new byte[] {1})))
        .hasMessageContaining("'OPENSSH PRIVATE KEY', which is not read");
  }
}
