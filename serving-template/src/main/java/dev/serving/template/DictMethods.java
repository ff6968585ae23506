package dev.serving.template;

import java.util.ArrayList;
import java.util.Set;

/** The methods of Python's {@code dict} that the sandbox allows. */
final class DictMethods {
  private static final Set<String> CHANGING =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Builtin.Table TABLE =
      new Builtin.Table()
          .add("items", "", call -> Items.list(self(call).pairs()))
          .add("keys", "", call -> Items.list(self(call).elements()))
          .add("values", "", call -> Items.list(new ArrayList<>(self(call).entries().values())))
          .add("get", "key! default", DictMethods::get)
          .add("copy", "", call -> call.self());

  private DictMethods() {}

  static Value of(Dict dict, String name) {
    return CHANGING.contains(name) ? Undefined.unsafe(dict, name) : TABLE.method(dict, name);
  }

  private static Dict self(Call call) {
    return (Dict) call.self();
  }

  private static Value get(Call call) {
    return self(call)
        .entries()
        .getOrDefault(Dict.requireHashable(call.value(0)), call.value(1, None.NONE));
  }
}
