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
        .add("length count", "", call -> Num.of(call.self().length()))
        .add("sum", "attribute start", NumberFilters::sum);
  }

  private static Value toInt(Call call) {
    Value otherwise = call.value(0, Num.of(0));
    if (call.self() instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (call.self() instanceof Num number) {
      return number.integer() != null ? Num.of(number.integer()) : truncate(number, otherwise);
    }
    if (!(call.self() instanceof Text text) || text.length() > MAX_DIGITS) {
      return otherwise;
    }
    int base = call.integer(1, 10);
    String digits = text.strip(null, true, true).toString().replace("_", "");
    digits = base == 16 ? digits.replaceFirst("^([-+]?)0[xX]", "$1") : digits;
    try {
      return Num.of(new BigInteger(digits, base));
    } catch (NumberFormatException e) {
      Num real = parseReal(digits);
      return real == null ? otherwise : truncate(real, otherwise);
    }
  }

  private static Value truncate(Num number, Value otherwise) {
    double real = number.real();
    return Double.isNaN(real) || Double.isInfinite(real)
        ? otherwise
        : Num.of(new BigDecimal(real).toBigInteger());
  }

  private static Value toFloat(Call call) {
    Value otherwise = call.value(0, Num.ofReal(0));
    if (call.self() instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (call.self() instanceof Num number) {
      return Num.ofReal(number.real());
    }
    Value parsed =
        call.self() instanceof Text text && text.length() <= MAX_DIGITS
            ? parseReal(text.strip(null, true, true).toString())
            : null;
    return parsed == null ? otherwise : parsed;
  }

  private static Num parseReal(String text) {
    try {
      // Java reads hexadecimal and suffixes, Python does not.
      boolean java = text.chars().anyMatch(c -> "xXdDfFpP".indexOf(c) >= 0);
      return java ? null : Num.ofReal(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Value abs(Call call) {
    boolean negative = Comparison.order(call.context(), "<", call.self(), Num.of(0)) < 0;
    return Arithmetic.signed(negative ? "-" : "+", call.self());
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
    if (!(call.self() instanceof Num number)) {
      throw TemplateException.type(
          "type " + call.self().typeName() + " doesn't define __round__ method");
    }
    int precision = Math.max(-400, Math.min(400, call.integer(0, 0)));
    if (number.integer() != null && method.equals("common")) {
      BigDecimal rounded = new BigDecimal(number.integer()).setScale(Math.min(0, precision), mode);
      return Num.of(rounded.toBigInteger());
    }
    boolean finite = !Double.isNaN(number.real()) && !Double.isInfinite(number.real());
    return finite
        ? Num.ofReal(new BigDecimal(number.real()).setScale(precision, mode).doubleValue())
        : call.self();
  }

  private static Value sum(Call call) {
    Value sum = call.value(1, Num.of(0));
    if (sum instanceof Text) {
      throw TemplateException.type("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Value attribute = call.value(0, None.NONE);
    for (Value element : call.self().elements()) {
      Value addend = attribute == None.NONE ? element : SelectionFilters.path(element, attribute);
      sum = Arithmetic.apply(call.context(), "+", sum, addend);
    }
    return sum;
  }
}
