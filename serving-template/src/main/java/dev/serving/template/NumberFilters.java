package dev.serving.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Filters that make numbers. */
final class NumberFilters {
  // As Python, which refuses longer strings of digits.
  private static final int MAX_DIGITS = 4300;

  private NumberFilters() {}

  static void addTo(Builtin.Table table) {
    table
        .add("int", "default base", NumberFilters::toInt)
        .add("float", "default", NumberFilters::toFloat)
        .add("abs", "", NumberFilters::abs)
        .add("round", "precision method", NumberFilters::round)
        .add("length count", "", call -> Numeric.of(call.self().length()))
        .add("sum", "attribute start", NumberFilters::sum);
  }

  private static Value toInt(Call call) {
    Value otherwise = call.value(0, Numeric.of(0));
    if (call.self() instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (call.self() instanceof Numeric number) {
      return number.integer() != null ? new Int(number.integer()) : truncate(number, otherwise);
    }
    if (!(call.self() instanceof Text text) || text.length() > MAX_DIGITS) {
      return otherwise;
    }
    String digits = text.strip(null, true, true).toString().replace("_", "");
    try {
      return new Int(new BigInteger(digits, call.integer(1, 10)));
    } catch (NumberFormatException e) {
      Real real = parseReal(digits);
      return real == null ? otherwise : truncate(real, otherwise);
    }
  }

  private static Value truncate(Numeric number, Value otherwise) {
    double real = number.real();
    return Double.isNaN(real) || Double.isInfinite(real)
        ? otherwise
        : new Int(new BigDecimal(real).toBigInteger());
  }

  private static Value toFloat(Call call) {
    Value otherwise = call.value(0, new Real(0));
    if (call.self() instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (call.self() instanceof Numeric number) {
      return new Real(number.real());
    }
    Value parsed =
        call.self() instanceof Text text && text.length() <= MAX_DIGITS
            ? parseReal(text.strip(null, true, true).toString())
            : null;
    return parsed == null ? otherwise : parsed;
  }

  private static Real parseReal(String text) {
    try {
      // Java reads hexadecimal and suffixes, Python does not.
      boolean java = text.chars().anyMatch(c -> "xXdDfFpP".indexOf(c) >= 0);
      return java ? null : new Real(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Value abs(Call call) {
    boolean negative = Comparison.order(call.context(), "<", call.self(), Numeric.of(0)) < 0;
    return negative ? Arithmetic.negate(call.self()) : Arithmetic.plus(call.self());
  }

  private static Value round(Call call) {
    String method = call.string(1, "common").toString();
    RoundingMode mode =
        switch (method) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw TemplateException.value("method must be common, ceil or floor");
        };
    if (!(call.self() instanceof Numeric number)) {
      throw TemplateException.type(
          "type " + call.self().typeName() + " doesn't define __round__ method");
    }
    int precision = Math.max(-400, Math.min(400, call.integer(0, 0)));
    if (number.integer() != null && method.equals("common")) {
      BigDecimal rounded = new BigDecimal(number.integer()).setScale(Math.min(0, precision), mode);
      return new Int(rounded.toBigInteger());
    }
    boolean finite = !Double.isNaN(number.real()) && !Double.isInfinite(number.real());
    return finite
        ? new Real(new BigDecimal(number.real()).setScale(precision, mode).doubleValue())
        : call.self();
  }

  private static Value sum(Call call) {
    Value sum = call.value(1, Numeric.of(0));
    Value attribute = call.value(0, None.NONE);
    for (Value element : call.self().elements()) {
      Value addend = attribute == None.NONE ? element : SelectionFilters.path(element, attribute);
      sum = Arithmetic.apply(call.context(), "+", sum, addend);
    }
    return sum;
  }
}
