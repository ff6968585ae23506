package dev.serving.template;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A filter, test, method or global function: its parameters and what it does.
 *
 * @param name as error messages spell it
 * @param required how many of the parameters must be given
 * @param open whether it takes further arguments of any name
 */
record Builtin(String name, List<String> parameters, int required, boolean open, Body body) {
  /** What a built-in does. */
  @FunctionalInterface
  interface Body {
    Value apply(Call call);
  }

  Value call(Context context, Value self, Arguments arguments) {
    context.budget().charge(self.weight() >> 2);
    return body.apply(new Call(context, self, Arrays.asList(bind(arguments)), arguments));
  }

  /** Returns a method of {@code self}. */
  Function bindTo(Value self) {
    return (context, arguments) -> call(context, self, arguments);
  }

  private Value[] bind(Arguments arguments) {
    int given = arguments.positional().size();
    if (given > parameters.size() && !open) {
      throw TemplateException.type(
          name + "() takes at most " + parameters.size() + " arguments (" + given + " given)");
    }
    Value[] bound = arguments.positional().toArray(new Value[Math.max(given, parameters.size())]);
    arguments.named().forEach((key, value) -> bindNamed(bound, key, value));
    for (int i = 0; i < required; i++) {
      if (bound[i] == null) {
        throw TemplateException.type(
            name + "() missing required argument: '" + parameters.get(i) + "'");
      }
    }
    return bound;
  }

  private void bindNamed(Value[] bound, String key, Value value) {
    int at = parameters.indexOf(key);
    if (at >= 0 && bound[at] == null) {
      bound[at] = value;
    } else if (at >= 0) {
      throw TemplateException.type(name + "() got multiple values for argument '" + key + "'");
    } else if (!open) {
      throw TemplateException.type(name + "() got an unexpected keyword argument '" + key + "'");
    }
  }

  /** Built-ins by name. Immutable once its owner has filled it. */
  static final class Table {
    private final Map<String, Builtin> byName = new HashMap<>();

    /**
     * Adds a built-in.
     *
     * @param names its names, separated by blanks
     * @param parameters their names, separated by blanks; {@code !} after one that must be given,
     *     {@code *} at the end if any others are taken
     */
    Table add(String names, String parameters, Body body) {
      boolean open = parameters.endsWith("*");
      List<String> words =
          Arrays.stream(parameters.split("[ !*]+")).filter(word -> !word.isEmpty()).toList();
      int required = (int) parameters.chars().filter(c -> c == '!').count();
      for (String name : names.split(" ", -1)) {
        byName.put(name, new Builtin(name, words, required, open, body));
      }
      return this;
    }

    Builtin get(String name) {
      return byName.get(name);
    }

    boolean has(String name) {
      return byName.containsKey(name);
    }

    /** Returns the method {@code name} of {@code self}, or null. */
    Value method(Value self, String name) {
      Builtin method = byName.get(name);
      return method == null ? null : method.bindTo(self);
    }

    Map<String, Builtin> all() {
      return byName;
    }
  }
}
