package dev.serving.template;

import java.math.BigInteger;

/** Python's {@code True} and {@code False}, which are the integers 1 and 0. */
final class Bool implements Numeric {
  static final Bool TRUE = new Bool(true);
  static final Bool FALSE = new Bool(false);

  private final boolean value;

  private Bool(boolean value) {
    this.value = value;
  }

  @Override
  public String typeName() {
    return "bool";
  }

  @Override
  public BigInteger integer() {
    return value ? BigInteger.ONE : BigInteger.ZERO;
  }

  @Override
  public double real() {
    return value ? 1 : 0;
  }

  @Override
  public void represent(TextBuilder out) {
    out.append(value ? "True" : "False");
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
