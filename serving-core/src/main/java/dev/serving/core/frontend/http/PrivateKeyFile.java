package dev.serving.core.frontend.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in the PEM forms that other servers take. The JDK reads one of them: PKCS#8. What
 * the older forms lack is a few bytes of DER around the key: its version and its algorithm (RFC
 * 5208), which for a curve (SEC1, RFC 5915) stand within the key.
 */
final class PrivateKeyFile {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:\\w+ )*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /** What the JDK signs with; each reads its own kind of key alone. */
  private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private static final byte[] VERSION = {2, 1, 0};
  private static final byte[] RSA = {6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};
  private static final byte[] EC = {6, 7, 42, -122, 72, -50, 61, 2, 1};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;
  private static final int PARAMETERS = 0xA0;

  private PrivateKeyFile() {}

  /**
   * Reads the key.
   *
   * @throws IllegalArgumentException when the file has no key, or one that is encrypted or of a
   *     form that is not read; the message says how to convert it
   * @throws IOException when the file cannot be read
   */
  static PrivateKey read(Path file) throws IOException {
    String pem = Files.readString(file, StandardCharsets.ISO_8859_1);
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new IllegalArgumentException(
          file + " holds no private key in PEM form; of DER: openssl pkey -in KEY -out PEM");
    }
    String form = block.group(1);
    if (form.startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
      throw new IllegalArgumentException(
          file + " is encrypted; decrypt it first: openssl pkey -in KEY -out PLAIN");
    }
    byte[] key = der(file, block.group(2));
    return switch (form) {
      case "PRIVATE KEY" -> key(file, key);
      case "RSA PRIVATE KEY" -> key(file, wrap(RSA, key));
      case "EC PRIVATE KEY" -> key(file, wrap(join(EC, curve(file, key)), key));
      default ->
          throw new IllegalArgumentException(
              file + " is a '" + form + "', which is not read: openssl pkey -in KEY -out PKCS8");
    };
  }

  private static byte[] der(Path file, String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Path file, byte[] pkcs8) {
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        continue; // of another kind
      }
    }
    throw new IllegalArgumentException(
        file
            + " holds a key that Java does not read: RSA, Ed25519 and curves with a name are;"
            + " openssl ec -in KEY -param_enc named_curve -out NAMED");
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, join(VERSION, element(SEQUENCE, algorithm), element(OCTETS, key)));
  }

  /** The curve's name, from the optional parameters of the key. */
  private static byte[] curve(Path file, byte[] key) {
    try {
      int at = content(key, 0);
      while (at < key.length && (key[at] & 0xFF) != PARAMETERS) {
        at = content(key, at) + length(key, at);
      }
      int from = content(key, at);
      return Arrays.copyOfRange(key, from, from + length(key, at));
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          file + " does not name its curve: openssl pkey -in KEY -out PKCS8", e);
    }
  }

  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
  }

  private static int length(byte[] der, int at) {
    int length = der[at + 1] & 0xFF;
    if (length < 0x80) {
      return length;
    }
    length = 0;
    for (int i = at + 2; i < content(der, at); i++) {
      length = length << 8 | der[i] & 0xFF;
    }
    return length;
  }

  private static byte[] element(int tag, byte[] content) {
    int size = content.length;
    byte[] head; // DER: as few bytes as hold the length
    if (size < 0x80) {
      head = new byte[] {(byte) tag, (byte) size};
    } else if (size < 0x100) {
      head = new byte[] {(byte) tag, (byte) 0x81, (byte) size};
    } else {
      head = new byte[] {(byte) tag, (byte) 0x82, (byte) (size >> 8), (byte) size};
    }
    return join(head, content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
