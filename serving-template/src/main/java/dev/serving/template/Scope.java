package dev.serving.template;

import java.util.HashMap;
import java.util.Map;

/** One level of variables: reads go on to the enclosing levels, writes stay here. */
final class Scope {
  private final Scope enclosing;
  private final Map<String, Value> variables;

  Scope(Scope enclosing) {
    this(enclosing, new HashMap<>());
  }

  Scope(Scope enclosing, Map<String, Value> variables) {
    this.enclosing = enclosing;
    this.variables = variables;
  }

  void set(String name, Value value) {
    variables.put(name, value);
  }

  Value get(String name) {
    for (Scope scope = this; scope != null; scope = scope.enclosing) {
      Value value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return new Undefined("'" + name + "' is undefined");
  }
}
