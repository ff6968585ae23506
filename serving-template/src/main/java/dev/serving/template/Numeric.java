package dev.serving.template;

import java.math.BigInteger;

/** A Python number; {@code bool} is one, too. Numbers of different types compare by value. */
sealed interface Numeric extends Value, Comparable<Numeric> permits Bool, Int, Real {
  /** Returns the value as an integer, or null if this is a float. */
  BigInteger integer();

  double real();

  static Value of(boolean value) {
    return value ? Bool.TRUE : Bool.FALSE;
  }

  static Int of(long value) {
    return new Int(BigInteger.valueOf(value));
  }

  @Override
  default boolean truth() {
    return real() != 0;
  }

  @Override
  default int compareTo(Numeric other) {
    return integer() != null && other.integer() != null
        ? integer().compareTo(other.integer())
        : Double.compare(real() + 0.0, other.real() + 0.0); // + 0.0 makes -0.0 equal 0.0
  }

  /** Says whether {@code other} is an equal number; not true of NaN. */
  static boolean equal(Numeric one, Object other) {
    return other instanceof Numeric number
        && one.compareTo(number) == 0
        && !Double.isNaN(one.real());
  }
}
