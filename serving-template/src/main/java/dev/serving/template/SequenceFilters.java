package dev.serving.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Filters over whole sequences. */
final class SequenceFilters {
  private SequenceFilters() {}

  static void addTo(Builtin.Table table) {
    table
        .add("list", "", call -> Items.list(call.self().elements()))
        .add("first", "", call -> end(call, "first"))
        .add("last", "", call -> end(call, "last"))
        .add("min", "case_sensitive attribute", call -> extreme(call, -1))
        .add("max", "case_sensitive attribute", call -> extreme(call, 1))
        .add("reverse", "", SequenceFilters::reverse)
        .add("sort", "reverse case_sensitive attribute", SequenceFilters::sort)
        .add("dictsort", "case_sensitive by reverse", SequenceFilters::sortDict)
        .add("unique", "case_sensitive attribute", SequenceFilters::unique)
        .add("items", "", SequenceFilters::items);
  }

  private static Value end(Call call, String which) {
    List<Value> elements = call.self().elements();
    if (elements.isEmpty()) {
      return new Undefined("No " + which + " item, sequence was empty.");
    }
    return elements.get(which.equals("first") ? 0 : elements.size() - 1);
  }

  /** Returns what an element is compared by: its attribute, if asked for, in lower case. */
  private static Value key(Value element, Value attribute, boolean caseSensitive) {
    Value key =
        attribute == null || attribute == None.NONE
            ? element
            : SelectionFilters.path(element, attribute);
    return key instanceof Text text && !caseSensitive
        ? Text.literal(text.toString().toLowerCase(Locale.ROOT))
        : key;
  }

  private static Value extreme(Call call, int sign) {
    Value best = null;
    for (Value element : call.self().elements()) {
      if (best == null || sign * compare(call, element, best) > 0) {
        best = element;
      }
    }
    return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
  }

  private static int compare(Call call, Value one, Value two) {
    return Comparison.order(
        call.context(),
        "<",
        key(one, call.value(1), call.truth(0)),
        key(two, call.value(1), call.truth(0)));
  }

  private static Value reverse(Call call) {
    if (call.self() instanceof Text text) {
      return text.reversed();
    }
    List<Value> reversed = new ArrayList<>(call.self().elements());
    Collections.reverse(reversed);
    return new Generator(reversed);
  }

  private static Value sort(Call call) {
    Comparator<Value> order =
        (a, b) ->
            Comparison.order(
                call.context(),
                "<",
                key(a, call.value(2), call.truth(1)),
                key(b, call.value(2), call.truth(1)));
    return sorted(call.self().elements(), order, call.truth(0));
  }

  private static Value sorted(List<Value> elements, Comparator<Value> order, boolean reverse) {
    List<Value> sorted = new ArrayList<>(elements);
    sorted.sort(reverse ? order.reversed() : order);
    return Items.list(sorted);
  }

  private static Value sortDict(Call call) {
    if (!(call.self() instanceof Dict dict)) {
      throw TemplateException.type("dictsort needs a dict, not " + call.self().typeName());
    }
    Value at = Num.of(call.string(1, "key").equals(Text.literal("value")) ? 1 : 0);
    Comparator<Value> order =
        (a, b) ->
            Comparison.order(
                call.context(), "<", key(a, at, call.truth(0)), key(b, at, call.truth(0)));
    return sorted(dict.pairs(), order, call.truth(2));
  }

  private static Value unique(Call call) {
    Set<Value> seen = new HashSet<>();
    List<Value> kept = new ArrayList<>();
    for (Value element : call.self().elements()) {
      if (seen.add(Dict.requireHashable(key(element, call.value(1), call.truth(0))))) {
        kept.add(element);
      }
    }
    return new Generator(kept);
  }

  private static Value items(Call call) {
    if (call.self() instanceof Undefined) {
      return new Generator(List.of());
    }
    if (call.self() instanceof Dict dict) {
      return new Generator(dict.pairs());
    }
    throw TemplateException.type("Can only get item pairs from a mapping.");
  }
}
