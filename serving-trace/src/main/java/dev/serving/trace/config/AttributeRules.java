package dev.serving.trace.config;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of attributes, by name, before they leave the process: {@code user.email=drop},
 * {@code user.id=hash}, {@code http.url=cut:100}; {@code user.*} is every name that begins with
 * {@code user.} and has no rule of its own, {@code *} every other. Of spans, their events and their
 * links. Immutable.
 */
public final class AttributeRules {
  /** Lets all attributes leave as they are. */
  public static final AttributeRules NONE = new AttributeRules(Map.of());

  private static final String EXPECTED =
      "expected NAME=drop, NAME=hash or NAME=cut:N, separated by commas";
  private static final int DROP = -1;
  private static final int HASH = -2;

  /** How many characters of a text may stay, or {@link #DROP} or {@link #HASH}. */
  private final Map<String, Integer> rules;

  private AttributeRules(Map<String, Integer> rules) {
    this.rules = rules;
  }

  /**
   * Reads rules, separated by commas.
   *
   * @throws TracingConfigException if one is not of the form that is expected
   */
  public static AttributeRules parse(String text) {
    Map<String, Integer> rules = new LinkedHashMap<>();
    for (String rule : text.split(",", -1)) {
      int at = rule.indexOf('=');
      if (!rule.isBlank()) {
        rules.put(name(at < 0 ? "" : rule.substring(0, at)), action(rule.substring(at + 1)));
      }
    }
    return rules.isEmpty() ? NONE : new AttributeRules(rules);
  }

  // A rule that would never apply is worse than none: somebody relies on it.
  private static String name(String text) {
    String name = text.strip();
    if (!name.matches("\\*|[^*]+(\\.\\*)?")) {
      throw new TracingConfigException(EXPECTED);
    }
    return name;
  }

  private static int action(String given) {
    String text = given.strip();
    if (text.equals("drop")) {
      return DROP;
    }
    if (text.equals("hash")) {
      return HASH;
    }
    if (!text.matches("cut:\\d{1,9}")) {
      throw new TracingConfigException(EXPECTED);
    }
    return Integer.parseInt(text.substring("cut:".length()));
  }

  /** Returns whether there is no rule. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Returns what may leave of the given attributes. */
  public Attributes apply(Attributes given) {
    AttributesBuilder kept = Attributes.builder();
    given.forEach((key, value) -> put(kept, key, value));
    return kept.build();
  }

  /** Returns what may leave of a text that is not an attribute but says what this one does. */
  public String apply(String name, String text) {
    Integer rule = rule(name);
    if (rule == null) {
      return text;
    }
    return rule == DROP ? "" : rule == HASH ? hash(text) : cut(text, rule);
  }

  @SuppressWarnings("unchecked") // a value has the type of its key
  private void put(AttributesBuilder kept, AttributeKey<?> key, Object value) {
    Integer rule = rule(key.getKey());
    if (rule == null) {
      kept.put((AttributeKey<Object>) key, value);
    } else if (rule == HASH) {
      kept.put(AttributeKey.stringKey(key.getKey()), hash(value.toString()));
    } else if (rule != DROP) {
      kept.put((AttributeKey<Object>) key, cut(value, rule));
    }
  }

  private @Nullable Integer rule(String name) {
    Integer own = rules.get(name);
    for (int dot = name.lastIndexOf('.'); own == null && dot > 0; ) {
      own = rules.get(name.substring(0, dot) + ".*");
      dot = name.lastIndexOf('.', dot - 1);
    }
    return own == null ? rules.get("*") : own;
  }

  private static Object cut(Object value, int most) {
    if (value instanceof List<?> list) {
      return list.stream().map(element -> cut(element, most)).toList();
    }
    return value instanceof String text ? cut(text, most) : value;
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean inPair = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, inPair ? most - 1 : most);
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttributeRules that && rules.equals(that.rules);
  }

  @Override
  public int hashCode() {
    return rules.hashCode();
  }

  @Override
  public String toString() {
    return "AttributeRules" + rules.keySet();
  }
}
