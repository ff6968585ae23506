package dev.serving.template;

import java.util.ArrayList;
import java.util.List;

/** Filters that choose values by an attribute, a test or a filter. */
final class SelectionFilters {
  private SelectionFilters() {}

  static void addTo(Builtin.Table table) {
    table
        .add(
            "default d",
            "default_value boolean",
            call ->
                call.self() instanceof Undefined || (call.truth(1) && !call.self().truth())
                    ? call.value(0, Text.EMPTY)
                    : call.self())
        .add(
            "attr",
            "name!",
            call -> Evaluation.attribute(call.self(), call.string(0, "").toString()))
        .add("map", "*", SelectionFilters::map)
        .add("select", "*", call -> select(call, null, call.arguments(), true))
        .add("reject", "*", call -> select(call, null, call.arguments(), false))
        .add("selectattr", "attribute!*", call -> selectByAttribute(call, true))
        .add("rejectattr", "attribute!*", call -> selectByAttribute(call, false));
  }

  /** Follows an attribute path such as {@code "function.name"} or an index. */
  static Value path(Value value, Value attribute) {
    if (!(attribute instanceof Text name)) {
      return Evaluation.item(value, attribute);
    }
    Value found = value;
    for (String part : name.toString().split("\\.", -1)) {
      boolean index = part.matches("[0-9]{1,9}");
      found = Evaluation.item(found, index ? Num.of(Integer.parseInt(part)) : Text.literal(part));
    }
    return found;
  }

  /** Returns nothing for what is false, as Jinja does, even where iterating it would fail. */
  private static List<Value> elements(Call call) {
    return call.self().truth() ? call.self().elements() : List.of();
  }

  private static Value map(Call call) {
    Value attribute = call.arguments().named().get("attribute");
    Value otherwise = call.arguments().named().get("default");
    List<Value> mapped = new ArrayList<>();
    for (Value element : elements(call)) {
      call.context().budget().charge(0);
      Value value = attribute != null ? path(element, attribute) : filtered(call, element);
      mapped.add(value instanceof Undefined && otherwise != null ? otherwise : value);
    }
    return new Generator(mapped);
  }

  private static Value filtered(Call call, Value element) {
    String name = call.string(0, "").toString();
    return named(Filters.TABLE, "filter", name)
        .call(call.context(), element, call.arguments().skip(1));
  }

  private static Builtin named(Builtin.Table table, String what, String name) {
    Builtin builtin = table.get(name);
    if (builtin == null) {
      throw TemplateException.value("No " + what + " named '" + name + "'.");
    }
    return builtin;
  }

  private static Value selectByAttribute(Call call, boolean keep) {
    return select(call, call.value(0), call.arguments().skip(1), keep);
  }

  private static Value select(Call call, Value attribute, Arguments test, boolean keep) {
    List<Value> kept = new ArrayList<>();
    for (Value element : elements(call)) {
      call.context().budget().charge(0);
      Value tested = attribute == null ? element : path(element, attribute);
      if (passes(call, tested, test) == keep) {
        kept.add(element);
      }
    }
    return new Generator(kept);
  }

  private static boolean passes(Call call, Value value, Arguments test) {
    if (test.positional().isEmpty()) {
      return value.truth();
    }
    String name = call.context().text(test.positional().get(0)).toString();
    return named(Tests.TABLE, "test", name).call(call.context(), value, test.skip(1)).truth();
  }
}
