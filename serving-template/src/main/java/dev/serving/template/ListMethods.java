package dev.serving.template;

import java.util.Collections;
import java.util.List;
import java.util.Set;

/** The methods of Python's {@code list} and {@code tuple} that the sandbox allows. */
final class ListMethods {
  private static final Set<String> CHANGING =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Builtin.Table TABLE =
      new Builtin.Table()
          .add("index", "value!", ListMethods::index)
          .add("count", "value!", ListMethods::count)
          .add("copy", "", call -> call.self());

  private ListMethods() {}

  static Value of(Items list, String name) {
    if (!list.isTuple() && CHANGING.contains(name)) {
      return Undefined.unsafe(list, name);
    }
    return list.isTuple() && name.equals("copy") ? null : TABLE.method(list, name);
  }

  private static Value index(Call call) {
    int index = call.self().elements().indexOf(call.value(0));
    if (index < 0) {
      throw TemplateException.value(TextBuilder.represent(call.value(0)) + " is not in list");
    }
    return Num.of(index);
  }

  private static Value count(Call call) {
    List<Value> elements = call.self().elements();
    return Num.of(Collections.frequency(elements, call.value(0)));
  }
}
