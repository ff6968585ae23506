package dev.serving.trace;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of JSON that carriers between nodes are written in: objects, texts, whole numbers, and
 * the three words. Reads strangers' texts: what is deeper, or of another kind, is refused.
 */
final class CarrierJson {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_DIGITS = 39;

  private final String text;
  private int at;

  private CarrierJson(String text) {
    this.text = text;
  }

  /** Returns the object that the whole text is, its texts as String, its numbers as BigInteger. */
  static Map<String, Object> read(String text) {
    CarrierJson json = new CarrierJson(text);
    json.skipSpace();
    Map<String, Object> object = json.object(0);
    json.skipSpace();
    json.expect(json.at == text.length());
    return object;
  }

  private Map<String, Object> object(int depth) {
    expect(depth < MAX_DEPTH);
    take('{');
    Map<String, Object> members = new LinkedHashMap<>();
    skipSpace();
    if (peek() == '}') {
      at++;
      return members;
    }
    while (true) {
      skipSpace();
      String key = string();
      skipSpace();
      take(':');
      skipSpace();
      members.put(key, value(depth + 1));
      skipSpace();
      if (peek() == '}') {
        at++;
        return members;
      }
      take(',');
    }
  }

  private Object value(int depth) {
    return switch (peek()) {
      case '{' -> object(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Object word(String word, Object meaning) {
    expect(text.startsWith(word, at));
    at += word.length();
    return meaning;
  }

  private BigInteger number() {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    expect(at > from && at - from <= MAX_DIGITS);
    return new BigInteger(text.substring(from, at));
  }

  private String string() {
    take('"');
    StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      expect(at < text.length());
      char c = text.charAt(at++);
      out.append(c == '\\' ? escaped() : c);
    }
    at++;
    return out.toString();
  }

  private char escaped() {
    expect(at < text.length());
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        expect(at + 4 <= text.length());
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> c;
    };
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void take(char c) {
    expect(peek() == c);
    at++;
  }

  private void expect(boolean met) {
    if (!met) {
      throw new IllegalArgumentException("not a carrier, from character " + at);
    }
  }

  /** Returns a map of maps, texts and whole numbers as JSON. */
  static String write(Map<String, ?> map) {
    StringBuilder out = new StringBuilder();
    write(out, map);
    return out.toString();
  }

  private static void write(StringBuilder out, Object value) {
    if (value instanceof Map<?, ?> map) {
      char before = '{';
      for (Map.Entry<?, ?> member : map.entrySet()) {
        out.append(before);
        quote(out, member.getKey().toString());
        out.append(':');
        write(out, member.getValue());
        before = ',';
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Number) {
      out.append(value);
    } else {
      quote(out, String.valueOf(value));
    }
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
