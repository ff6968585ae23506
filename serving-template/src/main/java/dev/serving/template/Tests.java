package dev.serving.template;

import java.math.BigInteger;
import java.util.Set;
import java.util.function.Predicate;

/** Jinja's tests, what may stand behind {@code is}. */
final class Tests {
  static final Builtin.Table TABLE = new Builtin.Table();

  static {
    simple("defined", value -> !(value instanceof Undefined));
    simple("undefined", value -> value instanceof Undefined);
    simple("none", value -> value == None.NONE);
    simple("true", value -> value == Bool.TRUE);
    simple("false", value -> value == Bool.FALSE);
    simple("boolean", value -> value instanceof Bool);
    simple("integer", value -> value instanceof Int);
    simple("float", value -> value instanceof Real);
    simple("number", value -> value instanceof Numeric);
    simple("string", value -> value instanceof Text);
    simple("mapping", value -> value instanceof Dict);
    simple("callable", value -> value instanceof Function);
    simple("iterable", Tests::isIterable);
    simple("sequence", value -> isIterable(value) && !(value instanceof Generator));
    simple("even", value -> remainder(value, BigInteger.TWO).signum() == 0);
    simple("odd", value -> remainder(value, BigInteger.TWO).signum() != 0);
    TABLE
        .add("lower", "", call -> isCase(call, TextCase.lower(call)))
        .add("upper", "", call -> isCase(call, TextCase.upper(call)))
        .add("filter", "", call -> Numeric.of(Filters.TABLE.has(call.selfText().toString())))
        .add("test", "", call -> Numeric.of(isTest(call.selfText().toString())))
        .add("sameas", "other!", Tests::isSame)
        .add("divisibleby", "num!", Tests::isDivisible);
    comparison("eq equalto ==", "==");
    comparison("ne !=", "!=");
    comparison("lt lessthan <", "<");
    comparison("le <=", "<=");
    comparison("gt greaterthan >", ">");
    comparison("ge >=", ">=");
    comparison("in", "in");
  }

  private Tests() {}

  private static void simple(String name, Predicate<Value> test) {
    TABLE.add(name, "", call -> Numeric.of(test.test(call.self())));
  }

  private static void comparison(String names, String operator) {
    TABLE.add(
        names,
        "other!",
        call -> Numeric.of(Comparison.apply(call.context(), operator, call.self(), call.value(0))));
  }

  private static boolean isTest(String name) {
    return TABLE.has(name);
  }

  private static boolean isIterable(Value value) {
    return value instanceof Text
        || value instanceof Items
        || value instanceof Dict
        || value instanceof Generator
        || value instanceof Undefined;
  }

  private static BigInteger remainder(Value value, BigInteger divisor) {
    return Arithmetic.integer(value).mod(divisor);
  }

  private static Value isCase(Call call, Text converted) {
    Text text = call.selfText();
    boolean cased = text.toString().codePoints().anyMatch(Tests::isCased);
    return Numeric.of(cased && text.equals(converted));
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  private static Value isSame(Call call) {
    Value other = call.value(0);
    Set<Class<?>> compared = Set.of(Int.class, Text.class);
    return Numeric.of(
        call.self() == other
            || (compared.contains(other.getClass())
                && call.self().getClass() == other.getClass()
                && call.self().equals(other)));
  }

  private static Value isDivisible(Call call) {
    BigInteger divisor = Arithmetic.integer(call.value(0));
    if (divisor.signum() == 0) {
      throw TemplateException.value("integer modulo by zero");
    }
    return Numeric.of(remainder(call.self(), divisor.abs()).signum() == 0);
  }
}
