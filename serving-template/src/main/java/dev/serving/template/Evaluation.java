package dev.serving.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** What Jinja's environment does when a template reaches into a value or calls it. */
final class Evaluation {
  private Evaluation() {}

  /** {@code value.name}: the attribute, else the item, else undefined. */
  static Value attribute(Value value, String name) {
    if (name.startsWith("__") && !(value instanceof Undefined)) {
      return Undefined.unsafe(value, name);
    }
    Value found = value.attribute(name);
    if (found != null) {
      return found;
    }
    Text key = Text.literal(name);
    Value item = value.item(key);
    return item != null ? item : Undefined.missing(value, key);
  }

  /** {@code value[key]}: the item, else the attribute, else undefined. */
  static Value item(Value value, Value key) {
    Value item = value.item(key);
    if (item != null) {
      return item;
    }
    Value attribute = key instanceof Text name ? value.attribute(name.toString()) : null;
    return attribute != null ? attribute : Undefined.missing(value, key);
  }

  static Value call(Context context, Value callee, Arguments arguments) {
    context.budget().charge(0);
    if (callee instanceof Function function) {
      return function.call(context, arguments);
    }
    if (callee instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (callee instanceof Loop loop) {
      if (loop.recursion() == null) {
        throw TemplateException.type(
            "The loop must have the 'recursive' marker to be called recursively.");
      }
      return loop.recursion().call(context, arguments);
    }
    throw TemplateException.type("'" + callee.typeName() + "' object is not callable");
  }

  static Dict dict(Map<String, Value> named) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    named.forEach((name, value) -> entries.put(Text.literal(name), value));
    return new Dict(entries);
  }
}
