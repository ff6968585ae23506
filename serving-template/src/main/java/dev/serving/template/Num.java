package dev.serving.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A Python number. {@code True} is the integer 1, and numbers of different types compare by value.
 *
 * @param integer null if this is a float
 */
record Num(String typeName, BigInteger integer, double real) implements Value, Comparable<Num> {
  static final Num TRUE = new Num("bool", BigInteger.ONE, 1);
  static final Num FALSE = new Num("bool", BigInteger.ZERO, 0);
  // Python refuses to write integers of more than 4300 digits; this is a little less.
  private static final int MAX_BITS = 14_000;

  static Num of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Num of(long value) {
    return of(BigInteger.valueOf(value));
  }

  static Num of(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw TemplateException.limit("an integer has more than " + MAX_BITS + " bits");
    }
    return new Num("int", value, value.doubleValue());
  }

  static Num ofReal(double value) {
    return new Num("float", null, value);
  }

  boolean isBool() {
    return typeName.equals("bool");
  }

  boolean isFloat() {
    return integer == null;
  }

  @Override
  public boolean truth() {
    return real != 0;
  }

  @Override
  public void represent(TextBuilder out) {
    out.append(
        isBool() ? (truth() ? "True" : "False") : isFloat() ? shortest() : integer.toString());
  }

  /** Writes a float as Python does: the fewest digits that read back as the same number. */
  private String shortest() {
    if (Double.isNaN(real) || Double.isInfinite(real)) {
      return Double.isNaN(real) ? "nan" : real > 0 ? "inf" : "-inf";
    }
    if (real == 0) {
      return 1 / real < 0 ? "-0.0" : "0.0";
    }
    BigDecimal digits = fewestDigits();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = digits.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String mantissa = digits.unscaledValue().abs().toString();
    String point = mantissa.length() > 1 ? "." + mantissa.substring(1) : "";
    String power = String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    return (real < 0 ? "-" : "") + mantissa.charAt(0) + point + power;
  }

  // Double.toString gives too many digits before JDK 19.
  private BigDecimal fewestDigits() {
    BigDecimal rounded = null;
    for (int precision = 1; precision <= 17; precision++) {
      rounded = new BigDecimal(real).round(new MathContext(precision));
      if (rounded.doubleValue() == real) {
        break;
      }
    }
    return rounded.stripTrailingZeros();
  }

  @Override
  public int compareTo(Num other) {
    return integer != null && other.integer != null
        ? integer.compareTo(other.integer)
        : Double.compare(real + 0.0, other.real + 0.0); // + 0.0 makes -0.0 equal 0.0
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Num number && compareTo(number) == 0 && !Double.isNaN(real);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(real + 0.0);
  }
}
