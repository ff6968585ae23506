package dev.serving.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that {@code transformers} and Jinja give to every template. */
final class Globals {
  private static final int MAX_RANGE = 100_000;
  private static final Builtin.Table TABLE =
      new Builtin.Table()
          .add("raise_exception", "message!", Globals::raise)
          .add("strftime_now", "format!", Globals::strftimeNow)
          .add("namespace", "*", Globals::namespace)
          .add("dict", "*", Globals::dict)
          .add("range", "start! stop step", Globals::range);

  private static final Map<String, Value> VALUES = values();

  private Globals() {}

  static Scope scope() {
    return new Scope(null, VALUES);
  }

  private static Map<String, Value> values() {
    Map<String, Value> values = new HashMap<>();
    TABLE.all().forEach((name, builtin) -> values.put(name, builtin.bindTo(None.NONE)));
    return Map.copyOf(values);
  }

  private static Value raise(Call call) {
    throw new TemplateException(
        TemplateException.Kind.RAISED, call.context().text(call.value(0)).toString());
  }

  private static Value strftimeNow(Call call) {
    String format = call.string(0, "").toString();
    return Text.literal(StrfTime.format(call.context().now(), format));
  }

  private static Value namespace(Call call) {
    Namespace namespace = new Namespace();
    entries(call).forEach((name, value) -> namespace.set(name.toString(), value));
    return namespace;
  }

  private static Value dict(Call call) {
    return new Dict(entries(call));
  }

  private static Map<Value, Value> entries(Call call) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    Value source = call.value(0);
    if (source instanceof Dict dict) {
      entries.putAll(dict.entries());
    } else if (source != null) {
      for (Value element : source.elements()) {
        List<Value> pair = element.elements();
        if (pair.size() != 2) {
          throw TemplateException.value(
              "a dict is made of pairs; found " + pair.size() + " values");
        }
        entries.put(Dict.requireHashable(pair.get(0)), pair.get(1));
      }
    }
    call.arguments().named().forEach((name, value) -> entries.put(Text.literal(name), value));
    return entries;
  }

  private static Value range(Call call) {
    boolean one = call.value(1) == null;
    BigInteger start = one ? BigInteger.ZERO : Arithmetic.integer(call.value(0));
    BigInteger stop = Arithmetic.integer(call.value(one ? 0 : 1));
    BigInteger step = Arithmetic.integer(call.value(2, Num.of(1)));
    if (step.signum() == 0) {
      throw TemplateException.value("range() arg 3 must not be zero");
    }
    BigInteger sign = BigInteger.valueOf(step.signum());
    BigInteger size =
        stop.subtract(start).add(step).subtract(sign).divide(step).max(BigInteger.ZERO);
    if (size.compareTo(BigInteger.valueOf(MAX_RANGE)) > 0) {
      throw TemplateException.limit(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAX_RANGE + ").");
    }
    List<Value> numbers = new ArrayList<>();
    for (int i = 0; i < size.intValue(); i++) {
      numbers.add(Num.of(start.add(step.multiply(BigInteger.valueOf(i)))));
    }
    return Items.list(numbers);
  }
}
