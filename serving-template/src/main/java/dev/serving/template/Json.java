package dev.serving.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The filter {@code tojson} as {@code transformers} has it: Python's {@code json.dumps}. */
final class Json {
  private final Context context;
  private final TextBuilder out;
  private final boolean ascii;
  private final boolean sorted;
  private final Text indent;
  private final Text itemSeparator;
  private final Text keySeparator;

  private Json(Call call) {
    this.context = call.context();
    this.out = call.newText();
    this.ascii = call.truth(0);
    this.indent = indent(call);
    Value separators = call.value(2, None.NONE);
    boolean standard = separators == None.NONE;
    this.itemSeparator =
        standard ? Text.literal(indent == null ? ", " : ",") : separator(separators, 0);
    this.keySeparator = standard ? Text.literal(": ") : separator(separators, 1);
    this.sorted = call.truth(3);
  }

  static Text write(Call call) {
    Json json = new Json(call);
    json.value(call.self(), 0);
    return json.out.toText();
  }

  private static Text indent(Call call) {
    Value indent = call.value(1, None.NONE);
    if (indent == None.NONE || indent instanceof Text) {
      return call.text(1);
    }
    int width = Math.max(0, call.integer(1, 0));
    call.context().budget().requireSize(width);
    return call.newText().repeat(Text.literal(" "), width).toText();
  }

  private static Text separator(Value separators, int index) {
    List<Value> pair = separators.elements();
    if (pair.size() == 2 && pair.get(index) instanceof Text text) {
      return text;
    }
    throw TemplateException.value("separators must be two strings");
  }

  private void value(Value value, int depth) {
    if (value == None.NONE) {
      out.append("null");
    } else if (value instanceof Num number) {
      out.append(number(number));
    } else if (value instanceof Text text) {
      string(text);
    } else if (value instanceof Items items) {
      array(items, depth);
    } else if (value instanceof Dict dict) {
      object(dict, depth);
    } else {
      throw TemplateException.type(
          "Object of type " + value.typeName() + " is not JSON serializable");
    }
  }

  private static String number(Num number) {
    String text = TextBuilder.represent(number);
    return switch (text) {
      case "True" -> "true";
      case "False" -> "false";
      case "nan" -> "NaN";
      case "inf" -> "Infinity";
      case "-inf" -> "-Infinity";
      default -> text;
    };
  }

  private void array(Items items, int depth) {
    out.append("[");
    Text separator = Text.EMPTY;
    for (Value element : items.elements()) {
      out.append(separator);
      newLine(depth + 1);
      value(element, depth + 1);
      separator = itemSeparator;
    }
    close(items, depth, "]");
  }

  private void object(Dict dict, int depth) {
    out.append("{");
    Text separator = Text.EMPTY;
    for (Map.Entry<Value, Value> entry : entries(dict)) {
      out.append(separator);
      newLine(depth + 1);
      key(entry.getKey());
      out.append(keySeparator);
      value(entry.getValue(), depth + 1);
      separator = itemSeparator;
    }
    close(dict, depth, "}");
  }

  private List<Map.Entry<Value, Value>> entries(Dict dict) {
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
    if (sorted) {
      entries.sort((a, b) -> Comparison.order(context, "<", a.getKey(), b.getKey()));
    }
    return entries;
  }

  private void key(Value key) {
    if (key instanceof Text text) {
      string(text);
    } else if (key == None.NONE || key instanceof Num) {
      out.append("\"");
      value(key, 0);
      out.append("\"");
    } else {
      throw TemplateException.type(
          "keys must be str, int, float, bool or None, not " + key.typeName());
    }
  }

  private void close(Value container, int depth, String bracket) {
    if (container.truth()) {
      newLine(depth);
    }
    out.append(bracket);
  }

  private void newLine(int depth) {
    if (indent != null) {
      out.append("\n").repeat(indent, depth);
    }
  }

  private void string(Text text) {
    out.append("\"");
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      String escaped = escape(c);
      if (escaped == null) {
        out.append(text.marked(i));
      } else {
        out.append(escaped, text.marked(i));
      }
    }
    out.append("\"");
  }

  private String escape(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> c < 0x20 || (ascii && c > 0x7e) ? unicode(c) : null;
    };
  }

  private static String unicode(int c) {
    StringBuilder escaped = new StringBuilder();
    for (char unit : Character.toChars(c)) {
      escaped.append(String.format("\\u%04x", (int) unit));
    }
    return escaped.toString();
  }
}
