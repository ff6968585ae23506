package dev.serving.core.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/**
 * The keys that clients may use. Only their digests are kept, so that no log, heap dump or trace
 * can show a key. Immutable.
 */
public final class ApiKeys {
  private final List<byte[]> digests;

  private ApiKeys(List<byte[]> digests) {
    this.digests = digests;
  }

  /** No key is asked for. */
  public static ApiKeys none() {
    return new ApiKeys(List.of());
  }

  /**
   * Any of these keys opens the server.
   *
   * @throws IllegalArgumentException when one is blank or holds what no header can
   */
  public static ApiKeys of(Collection<String> keys) {
    keys.forEach(ApiKeys::check);
    return new ApiKeys(keys.stream().map(ApiKeys::digest).toList());
  }

  private static void check(String key) {
    if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "an API key must be printable ASCII without spaces, and not empty");
    }
  }

  /** Whether a key is asked for at all. */
  public boolean required() {
    return !digests.isEmpty();
  }

  /** Whether this is one of the keys; takes as long for a wrong key as for a right one. */
  public boolean accepts(String key) {
    return number(key) >= 0;
  }

  /** Which of the keys this is, or -1; what is known of a client is kept by it. */
  public int number(String key) {
    byte[] digest = digest(key);
    int number = -1;
    for (int i = 0; i < digests.size(); i++) {
      number = MessageDigest.isEqual(digests.get(i), digest) ? i : number;
    }
    return number;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** How many keys there are, never what they are. */
  @Override
  public String toString() {
    return "ApiKeys[" + digests.size() + "]";
  }
}
