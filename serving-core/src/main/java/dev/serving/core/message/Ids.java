package dev.serving.core.message;

/**
 * The rule for request ids, which reach logs, traces and maps: not empty, at most 256 characters.
 */
final class Ids {
  private static final int MAX_LENGTH = 256;

  private Ids() {}

  static void require(String rid) {
    if (rid == null || rid.isEmpty() || rid.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a request id has 1 to " + MAX_LENGTH + " characters");
    }
  }

  /** As for a request's id, but nobody in particular has an empty one. */
  static void requireClient(String client) {
    if (client == null || client.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a client's id has 0 to " + MAX_LENGTH + " characters");
    }
  }
}
