package dev.serving.trace;

import dev.serving.trace.config.ContentConfig;

/** Lets text of prompts and answers through, if at all, without secrets and not too long. */
final class ContentFilter {
  static final ContentFilter NOTHING = new ContentFilter(ContentConfig.DEFAULT, () -> {});

  /**
   * How much more than is kept the redaction sees; it is user code, or a search, and takes time.
   */
  private static final int AHEAD = 4;

  private final ContentConfig config;
  private final Runnable failed;

  /**
   * @param failed told when the redaction throws; the text is then left out
   */
  ContentFilter(ContentConfig config, Runnable failed) {
    this.config = config;
    this.failed = failed;
  }

  boolean captures() {
    return config.captured();
  }

  /** Returns what may be recorded, null for nothing. */
  String apply(String text) {
    if (text == null || !config.captured()) {
      return null;
    }
    try {
      String redacted = config.redaction().apply(shortened(text));
      return redacted == null ? null : cut(redacted, config.maxChars());
    } catch (RuntimeException theirs) {
      failed.run();
      return null;
    }
  }

  /** Ends between words: half a secret would not be recognised as one. */
  private String shortened(String text) {
    long most = (long) AHEAD * config.maxChars();
    if (text.length() <= most) {
      return text;
    }
    int end = (int) most;
    while (end > 0 && !Character.isWhitespace(text.charAt(end))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean inPair = Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, inPair ? most - 1 : most);
  }
}
