package dev.serving.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro, or the body of a {@code call} block.
 *
 * @param usesVarargs whether the body asks for surplus positional arguments; else they are refused
 * @param usesKwargs the same of named ones
 */
record Macro(
    String name,
    List<Parameter> parameters,
    Statement body,
    boolean usesVarargs,
    boolean usesKwargs,
    boolean usesCaller) {
  /** A parameter; {@code otherwise} is its default, null if it has none. */
  record Parameter(String name, Expression otherwise) {}

  /** Returns the function that this macro is where it is defined. */
  Function definedIn(Scope scope) {
    return (context, arguments) -> call(context, new Scope(scope), arguments);
  }

  private Value call(Context context, Scope scope, Arguments arguments) {
    context.budget().enter();
    try {
      context.within(
          scope,
          () -> {
            bind(context, scope, arguments);
            return null;
          });
      return context.capture(scope, body);
    } finally {
      context.budget().leave();
    }
  }

  private void bind(Context context, Scope scope, Arguments arguments) {
    List<Value> positional = arguments.positional();
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Value given = i < positional.size() ? positional.get(i) : named.remove(parameter.name());
      scope.set(parameter.name(), given != null ? given : missing(context, parameter));
    }
    bindCaller(scope, named);
    bindSurplus(scope, positional, named);
  }

  private static Value missing(Context context, Parameter parameter) {
    return parameter.otherwise() != null
        ? parameter.otherwise().evaluate(context)
        : new Undefined("parameter '" + parameter.name() + "' was not provided");
  }

  private void bindCaller(Scope scope, Map<String, Value> named) {
    if (usesCaller) {
      Value caller = named.remove("caller");
      scope.set("caller", caller != null ? caller : new Undefined("No caller defined"));
    }
  }

  private void bindSurplus(Scope scope, List<Value> positional, Map<String, Value> named) {
    int expected = parameters.size();
    if (usesKwargs) {
      scope.set("kwargs", Evaluation.dict(named));
    } else if (!named.isEmpty()) {
      throw TemplateException.type(
          "macro '"
              + name
              + "' takes no keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
    if (usesVarargs) {
      int from = Math.min(expected, positional.size());
      scope.set("varargs", Items.tuple(positional.subList(from, positional.size())));
    } else if (positional.size() > expected) {
      throw TemplateException.type(
          "macro '" + name + "' takes not more than " + expected + " argument(s)");
    }
  }
}
