package dev.serving.template;

import java.math.BigInteger;

/** A Python {@code int}. */
record Int(BigInteger integer) implements Numeric {
  // Python refuses to write integers of more than 4300 digits; this is a little less.
  private static final int MAX_BITS = 14_000;

  Int {
    if (integer.bitLength() > MAX_BITS) {
      throw TemplateException.limit("an integer has more than " + MAX_BITS + " bits");
    }
  }

  @Override
  public String typeName() {
    return "int";
  }

  @Override
  public double real() {
    return integer.doubleValue();
  }

  @Override
  public void represent(TextBuilder out) {
    out.append(integer.toString());
  }

  @Override
  public boolean equals(Object other) {
    return Numeric.equal(this, other);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(real());
  }
}
