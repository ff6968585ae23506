package dev.serving.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic operators. */
final class Arithmetic {
  private static final int MAX_POWER_BITS = 16_000;

  private Arithmetic() {}

  /** Returns {@code value} where Python wants an integer. */
  static BigInteger integer(Value value) {
    if (value instanceof Num number && number.integer() != null) {
      return number.integer();
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw TemplateException.type(
        "'" + value.typeName() + "' object cannot be interpreted as an integer");
  }

  /** Returns {@code value} where Python wants an integer, cut to what fits. */
  static int clamped(Value value) {
    return integer(value)
        .max(BigInteger.valueOf(Integer.MIN_VALUE))
        .min(BigInteger.valueOf(Integer.MAX_VALUE))
        .intValue();
  }

  static Value apply(Context context, String operator, Value left, Value right) {
    if (operator.equals("~")) {
      TextBuilder joined = context.newText();
      left.write(joined);
      right.write(joined);
      return joined.toText();
    }
    if (left instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (operator.equals("%") && left instanceof Text format) {
      return PercentFormat.apply(context, format, right);
    }
    if (right instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (left instanceof Num a && right instanceof Num b) {
      return a.integer() != null && b.integer() != null
          ? integers(operator, a.integer(), b.integer())
          : reals(operator, a.real(), b.real());
    }
    return switch (operator) {
      case "+" -> join(context, left, right);
      case "*" -> right instanceof Num ? times(context, left, right) : times(context, right, left);
      default -> throw unsupported(operator, left, right);
    };
  }

  private static TemplateException unsupported(String operator, Value left, Value right) {
    return TemplateException.type(
        String.format(
            "unsupported operand type(s) for %s: '%s' and '%s'",
            operator.equals("**") ? "** or pow()" : operator, left.typeName(), right.typeName()));
  }

  private static Value join(Context context, Value left, Value right) {
    if (left instanceof Text a && right instanceof Text b) {
      return context.newText().append(a).append(b).toText();
    }
    if (left instanceof Items a && right instanceof Items b && a.isTuple() == b.isTuple()) {
      requireRoom(context, (long) a.length() + b.length());
      return a.plus(b);
    }
    if (left instanceof Text || left instanceof Items) {
      String type = left.typeName();
      throw TemplateException.type(
          "can only concatenate " + type + " (not \"" + right.typeName() + "\") to " + type);
    }
    throw unsupported("+", left, right);
  }

  private static Value times(Context context, Value sequence, Value count) {
    if (!(sequence instanceof Text || sequence instanceof Items) || !(count instanceof Num n)) {
      throw unsupported("*", sequence, count);
    }
    if (n.integer() == null) {
      throw TemplateException.type(
          "can't multiply sequence by non-int of type '" + count.typeName() + "'");
    }
    BigInteger size =
        n.integer().max(BigInteger.ZERO).multiply(BigInteger.valueOf(sequence.length()));
    requireRoom(context, size.bitLength() > 62 ? Long.MAX_VALUE : size.longValue());
    int times = size.signum() == 0 ? 0 : n.integer().intValue();
    if (sequence instanceof Text text) {
      return context.newText().repeat(text, times).toText();
    }
    List<Value> repeated = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      repeated.addAll(sequence.elements());
    }
    return ((Items) sequence).like(repeated);
  }

  private static void requireRoom(Context context, long size) {
    context.budget().requireSize(size);
    context.budget().charge(size);
  }

  private static Value integers(String operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case "+" -> Num.of(a.add(b));
      case "-" -> Num.of(a.subtract(b));
      case "*" -> Num.of(a.multiply(b));
      case "/" -> reals("/", a.doubleValue(), b.doubleValue());
      case "**" -> b.signum() < 0 ? reals("**", a.doubleValue(), b.doubleValue()) : power(a, b);
      default -> {
        if (b.signum() == 0) {
          throw TemplateException.value("integer division or modulo by zero");
        }
        BigInteger remainder = a.mod(b.abs());
        if (b.signum() < 0 && remainder.signum() != 0) {
          remainder = remainder.add(b);
        }
        yield Num.of(operator.equals("%") ? remainder : a.subtract(remainder).divide(b));
      }
    };
  }

  private static Num power(BigInteger base, BigInteger exponent) {
    int bits = base.abs().bitLength();
    if (bits <= 1 && exponent.signum() > 0) {
      return Num.of(base.pow(exponent.testBit(0) ? 1 : 2));
    }
    if (exponent.bitLength() > 15 || (long) bits * exponent.intValue() > MAX_POWER_BITS) {
      throw TemplateException.limit("an integer has more than " + MAX_POWER_BITS + " bits");
    }
    return Num.of(base.pow(exponent.intValue()));
  }

  private static Value reals(String operator, double a, double b) {
    if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.value("float division by zero");
    }
    return Num.ofReal(
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> a / b;
          case "//" -> Math.floor(a / b);
          case "%" -> a - b * Math.floor(a / b);
          default -> Math.pow(a, b);
        });
  }

  /** Applies a sign to a number. */
  static Num signed(String sign, Value value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (!(value instanceof Num number)) {
      throw TemplateException.type(
          "bad operand type for unary " + sign + ": '" + value.typeName() + "'");
    }
    boolean negative = sign.equals("-");
    return number.isFloat()
        ? Num.ofReal(negative ? -number.real() : number.real())
        : Num.of(negative ? number.integer().negate() : number.integer());
  }
}
