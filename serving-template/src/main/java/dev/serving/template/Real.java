package dev.serving.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** A Python {@code float}. */
record Real(double real) implements Numeric {
  @Override
  public String typeName() {
    return "float";
  }

  @Override
  public BigInteger integer() {
    return null;
  }

  @Override
  public void represent(TextBuilder out) {
    out.append(shortest(real));
  }

  /** Writes a double as Python does: the fewest digits that read back as the same number. */
  static String shortest(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal digits = fewestDigits(value);
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = digits.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String mantissa = digits.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + mantissa.charAt(0)
        + (mantissa.length() > 1 ? "." + mantissa.substring(1) : "")
        + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  // Double.toString gives too many digits before JDK 19.
  private static BigDecimal fewestDigits(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int precision = 1; precision < 17; precision++) {
      BigDecimal rounded = exact.round(new MathContext(precision));
      if (rounded.doubleValue() == value) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(17)).stripTrailingZeros();
  }

  @Override
  public boolean equals(Object other) {
    return Numeric.equal(this, other);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(real + 0.0);
  }
}
