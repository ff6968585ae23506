package dev.serving.template;

import java.math.BigInteger;
import java.util.function.Predicate;

/** Jinja's tests, what may stand behind {@code is}. */
final class Tests {
  static final Builtin.Table TABLE = new Builtin.Table();

  static {
    simple("defined", value -> !(value instanceof Undefined));
    simple("undefined", value -> value instanceof Undefined);
    simple("none", value -> value == None.NONE);
    simple("true", value -> value == Num.TRUE);
    simple("false", value -> value == Num.FALSE);
    simple("boolean", value -> value instanceof Num number && number.isBool());
    simple("integer", value -> value instanceof Num n && !n.isBool() && !n.isFloat());
    simple("float", value -> value instanceof Num number && number.isFloat());
    simple("number", value -> value instanceof Num);
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
        .add("filter", "", call -> Num.of(Filters.TABLE.has(call.selfText().toString())))
        .add("test", "", call -> Num.of(Tests.TABLE.has(call.selfText().toString())))
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
    TABLE.add(name, "", call -> Num.of(test.test(call.self())));
  }

  private static void comparison(String names, String operator) {
    TABLE.add(
        names,
        "other!",
        call -> Num.of(Comparison.apply(call.context(), operator, call.self(), call.value(0))));
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
    return Num.of(cased && text.equals(converted));
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  private static Value isSame(Call call) {
    Value other = call.value(0);
    // Python has one object for equal short strings and small numbers.
    boolean plain = call.self() instanceof Text || call.self() instanceof Num;
    boolean equal = call.self().typeName().equals(other.typeName()) && call.self().equals(other);
    return Num.of(call.self() == other || (plain && equal));
  }

  private static Value isDivisible(Call call) {
    BigInteger divisor = Arithmetic.integer(call.value(0));
    if (divisor.signum() == 0) {
      throw TemplateException.value("integer modulo by zero");
    }
    return Num.of(remainder(call.self(), divisor.abs()).signum() == 0);
  }
}
