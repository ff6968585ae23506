package dev.serving.template;

import java.util.List;

/** What a value is assigned to. */
@FunctionalInterface
interface Target {
  void assign(Context context, Value value);

  static Target variable(String name) {
    return (context, value) -> context.scope().set(name, value);
  }

  static Target attribute(String namespace, String name) {
    return (context, value) -> {
      if (!(context.scope().get(namespace) instanceof Namespace found)) {
        throw TemplateException.value("cannot assign attribute on non-namespace object");
      }
      found.set(name, value);
    };
  }

  static Target unpack(List<Target> targets) {
    return (context, value) -> {
      List<Value> values = value.elements();
      if (values.size() != targets.size()) {
        throw TemplateException.value(
            values.size() > targets.size()
                ? "too many values to unpack (expected " + targets.size() + ")"
                : "not enough values to unpack (expected "
                    + targets.size()
                    + ", got "
                    + values.size()
                    + ")");
      }
      for (int i = 0; i < values.size(); i++) {
        targets.get(i).assign(context, values.get(i));
      }
    };
  }
}
