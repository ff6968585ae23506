package dev.serving.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** Jinja's {@code namespace}: the one value that a template can change. */
final class Namespace implements Value {
  private final Map<String, Value> attributes = new LinkedHashMap<>();

  void set(String name, Value value) {
    attributes.put(name, value);
  }

  @Override
  public String typeName() {
    return "jinja2.utils.Namespace";
  }

  @Override
  public Value item(Value key) {
    return key instanceof Text name ? attributes.get(name.toString()) : null;
  }

  @Override
  public Value attribute(String name) {
    return attributes.get(name);
  }
}
