package dev.serving.template;

import java.util.List;

/**
 * Python's {@code str.format} with the fields {@code {}}, {@code {0}} and {@code {name}}.
 * Attributes, conversions and format specifications are refused: no published template uses them.
 */
final class BraceFormat {
  private final Call call;
  private final Text format;
  private final TextBuilder out;
  private int next;

  private BraceFormat(Call call) {
    this.call = call;
    this.format = call.selfText();
    this.out = call.newText();
  }

  static Text apply(Call call) {
    BraceFormat braces = new BraceFormat(call);
    for (int at = 0; at < braces.format.length(); ) {
      at = braces.step(at);
    }
    return braces.out.toText();
  }

  private int step(int at) {
    int c = format.at(at);
    boolean doubled = at + 1 < format.length() && format.at(at + 1) == c;
    if ((c != '{' && c != '}') || doubled) {
      out.append(format.marked(at));
      return at + (c == '{' || c == '}' ? 2 : 1);
    }
    int end = TextSearch.first(format, Text.literal("}"), at);
    if (c == '}' || end < 0) {
      throw TemplateException.value("Single '" + (char) c + "' encountered in format string");
    }
    field(format.slice(at + 1, end).toString()).write(out);
    return end + 1;
  }

  private Value field(String name) {
    List<Value> positional = call.arguments().positional();
    boolean numbered = name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 4;
    if (numbered) {
      int index = name.isEmpty() ? next++ : Integer.parseInt(name);
      if (index < positional.size()) {
        return positional.get(index);
      }
      throw TemplateException.value(
          "Replacement index " + index + " out of range for positional args tuple");
    }
    Value value = call.arguments().named().get(name);
    if (value == null) {
      throw TemplateException.value("the format field {" + name + "} has no argument");
    }
    return value;
  }
}
