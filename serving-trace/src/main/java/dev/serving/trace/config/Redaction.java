package dev.serving.trace.config;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Ready-made functions that take secrets out of a text, for {@link ContentConfig#withRedaction}.
 * They know shapes, not meanings: what looks like prose stays. For any thread.
 */
public final class Redaction {
  private static final String GONE = "[redacted]";

  // Every repetition is bounded or cannot be entered twice: a stranger's text costs linear time.
  private static final Pattern EMAIL =
      Pattern.compile("[\\w.%+-]{1,64}+@[A-Za-z0-9-]{1,63}+(?:\\.[A-Za-z0-9-]{1,63}+){1,8}+");
  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic)\\s{1,4}[\\w.~+/=-]{8,}+");
  private static final Pattern KEY =
      Pattern.compile(
          "\\b(?:sk-|pk-|rk-|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza|hf_|eyJ)"
              + "[\\w.=-]{12,}+");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:api[_-]?key|access[_-]?token|secret|password|passwd)[\"']?\\s{0,4}[:=]\\s{0,4}"
              + "[\"']?)[^\\s\"',;]{4,}+");
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]*+(?:-----END[^-]*+-----)?");

  private Redaction() {}

  /** Replaces e-mail addresses. */
  public static UnaryOperator<String> emails() {
    return text -> EMAIL.matcher(text).replaceAll(GONE);
  }

  /** Replaces what follows {@code Bearer} or {@code Basic}. */
  public static UnaryOperator<String> bearerTokens() {
    return text -> BEARER.matcher(text).replaceAll("$1 " + GONE);
  }

  /** Replaces keys by their usual prefixes, values named as keys or passwords, private keys. */
  public static UnaryOperator<String> keys() {
    return text -> {
      String known = KEY.matcher(PEM.matcher(text).replaceAll(GONE)).replaceAll(GONE);
      return NAMED.matcher(known).replaceAll("$1" + GONE);
    };
  }

  /** Replaces all of these. */
  public static UnaryOperator<String> all() {
    return text -> emails().apply(bearerTokens().apply(keys().apply(text)));
  }
}
