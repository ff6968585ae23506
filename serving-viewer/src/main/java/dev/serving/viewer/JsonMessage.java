package dev.serving.viewer;

import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * How one kind of message is read from JSON: which member becomes which field. Writes protobuf as
 * it reads, so nothing is made of the members but their bytes. Unknown members are skipped, null is
 * as good as left out; a wrong type is an {@link IllegalArgumentException} that names the member.
 */
final class JsonMessage {
  // The limit that protobuf's own parser has, in messages.
  private static final int MAX_DEPTH = 50;

  private interface Member {
    void read(JsonParser in, ProtoWriter out, int depth);
  }

  private final Map<String, Member> members = new HashMap<>();

  /** Reads the object that begins here, its members into the message that was begun. */
  void read(JsonParser in, ProtoWriter out, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("values are nested too deeply");
    }
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      Member member = members.get(in.currentName());
      JsonToken value = in.nextToken();
      if (member == null) {
        in.skipChildren();
      } else if (value != JsonToken.VALUE_NULL) {
        member.read(in, out, depth);
      }
    }
  }

  JsonMessage text(String name, int field) {
    return with(name, (in, out, depth) -> out.text(field, string(in, name)));
  }

  JsonMessage hex(String name, int field) {
    return with(
        name, (in, out, depth) -> out.bytes(field, HexFormat.of().parseHex(string(in, name))));
  }

  JsonMessage base64(String name, int field) {
    return with(
        name, (in, out, depth) -> out.bytes(field, Base64.getDecoder().decode(string(in, name))));
  }

  JsonMessage whole(String name, int field) {
    return with(name, (in, out, depth) -> out.varint(field, whole(in, name)));
  }

  JsonMessage fixed64(String name, int field) {
    return with(name, (in, out, depth) -> out.fixed64(field, whole(in, name)));
  }

  JsonMessage fixed32(String name, int field) {
    return with(name, (in, out, depth) -> out.fixed32(field, (int) whole(in, name)));
  }

  JsonMessage real(String name, int field) {
    return with(
        name, (in, out, depth) -> out.fixed64(field, Double.doubleToRawLongBits(real(in, name))));
  }

  JsonMessage truth(String name, int field) {
    return with(name, (in, out, depth) -> out.varint(field, truth(in, name) ? 1 : 0));
  }

  JsonMessage message(String name, int field, JsonMessage kind) {
    return with(name, (in, out, depth) -> message(in, out, depth, field, kind, name));
  }

  JsonMessage list(String name, int field, JsonMessage kind) {
    return with(
        name,
        (in, out, depth) -> {
          expect(in, JsonToken.START_ARRAY, name, "an array");
          while (in.nextToken() != JsonToken.END_ARRAY) {
            message(in, out, depth, field, kind, name);
          }
        });
  }

  private static void message(
      JsonParser in, ProtoWriter out, int depth, int field, JsonMessage kind, String name) {
    expect(in, JsonToken.START_OBJECT, name, "an object, or a list of them");
    int begin = out.begin(field);
    kind.read(in, out, depth + 1);
    out.end(begin);
  }

  private JsonMessage with(String name, Member member) {
    members.put(name, member);
    return this;
  }

  private static String string(JsonParser in, String name) {
    expect(in, JsonToken.VALUE_STRING, name, "a string");
    return in.getString();
  }

  /** A whole number, written as one or as a string. */
  private static long whole(JsonParser in, String name) {
    String digits = in.getString();
    boolean number = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (!number && in.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(name, "a whole number of 64 bits");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw wrong(name, "a whole number of 64 bits");
    }
  }

  /** A number, or the words that protobuf's JSON has for those that JSON lacks. */
  private static double real(JsonParser in, String name) {
    if (in.currentToken().isNumeric()) {
      return in.getDoubleValue();
    }
    try {
      return Double.parseDouble(string(in, name));
    } catch (NumberFormatException e) {
      throw wrong(name, "a number");
    }
  }

  private static boolean truth(JsonParser in, String name) {
    if (!in.currentToken().isBoolean()) {
      throw wrong(name, "true or false");
    }
    return in.currentToken() == JsonToken.VALUE_TRUE;
  }

  private static void expect(JsonParser in, JsonToken token, String name, String expected) {
    if (in.currentToken() != token) {
      throw wrong(name, expected);
    }
  }

  private static IllegalArgumentException wrong(String name, String expected) {
    return new IllegalArgumentException("field '" + name + "' must be " + expected);
  }
}
