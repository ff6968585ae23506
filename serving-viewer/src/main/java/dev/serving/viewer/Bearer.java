package dev.serving.viewer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;

/**
 * A token that opens the viewer: senders give it as {@code Authorization: Bearer}, browsers ask
 * their user for it and give it as a password, whatever the name beside it.
 */
final class Bearer {
  static final String WANTED =
      "this viewer wants its token: send 'Authorization: Bearer TOKEN' (a browser: as password)";
  private static final int BYTES = 24;

  private Bearer() {}

  /** A fresh one that nobody guesses. */
  static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static boolean allows(String token, String authorization) {
    return token.isEmpty() || MessageDigest.isEqual(bytes(token), bytes(given(authorization)));
  }

  private static String given(String authorization) {
    String[] parts = authorization.strip().split("\\s+", 2);
    String scheme = parts[0].toLowerCase(Locale.ROOT);
    if (parts.length < 2) {
      return "";
    }
    return scheme.equals("bearer") ? parts[1] : scheme.equals("basic") ? password(parts[1]) : "";
  }

  private static String password(String base64) {
    try {
      String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException garbled) {
      return "";
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
