package dev.serving.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a caller's variables into values, once and by copy. */
final class JavaValues {
  private JavaValues() {}

  static Value of(Object object) {
    return of(object, 0);
  }

  private static Value of(Object object, int depth) {
    if (depth > Nesting.MAX_DEPTH) {
      throw TemplateException.limit(
          "a variable is nested more than " + Nesting.MAX_DEPTH + " deep");
    }
    if (object == null) {
      return None.NONE;
    } else if (object instanceof String text) {
      return Text.foreign(text);
    } else if (object instanceof Literal literal) {
      return Text.literal(literal.text());
    } else if (object instanceof Boolean truth) {
      return Num.of(truth);
    } else if (object instanceof Number number) {
      return number(number);
    } else if (object instanceof Map<?, ?> map) {
      return dict(map, depth);
    } else if (object instanceof Collection<?> list) {
      return list(list, depth);
    }
    throw new IllegalArgumentException(
        "a variable holds a "
            + object.getClass().getName()
            + "; give Map, Collection, String, Number, Boolean, Literal or null");
  }

  private static Value number(Number number) {
    if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
      return Num.ofReal(number.doubleValue());
    }
    return Num.of(number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue()));
  }

  private static Value dict(Map<?, ?> map, int depth) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    map.forEach((key, value) -> entries.put(of(key, depth + 1), of(value, depth + 1)));
    return new Dict(entries);
  }

  private static Value list(Collection<?> list, int depth) {
    List<Value> elements = new ArrayList<>(list.size());
    list.forEach(element -> elements.add(of(element, depth + 1)));
    return Items.list(elements);
  }
}
