package dev.serving.template;

import java.util.List;

/**
 * A value as Python sees it. What Python's operators and protocols ask of an object are methods
 * here; {@link Object#equals} is Python's {@code ==}. All but {@link Namespace} and {@link Loop}
 * are immutable.
 */
sealed interface Value
    permits None, Num, Text, Items, Generator, Dict, Undefined, Namespace, Loop, Function {
  /** Returns the name of the Python type, as error messages spell it. */
  String typeName();

  default boolean truth() {
    return true;
  }

  /** Writes Python's {@code str()}. */
  default void write(TextBuilder out) {
    represent(out);
  }

  /** Writes Python's {@code repr()}. */
  default void represent(TextBuilder out) {
    out.append("<" + typeName() + " object>");
  }

  /** Returns the elements of an iteration. */
  default List<Value> elements() {
    throw TemplateException.type("'" + typeName() + "' object is not iterable");
  }

  default int length() {
    throw TemplateException.type("object of type '" + typeName() + "' has no len()");
  }

  /** Returns {@code this[key]}, or null where Python raises a TypeError or LookupError. */
  default Value item(Value key) {
    return null;
  }

  /** Returns Python's attribute of that name, often a method, or null. */
  default Value attribute(String name) {
    return null;
  }

  default boolean contains(Context context, Value element) {
    throw TemplateException.type("argument of type '" + typeName() + "' is not iterable");
  }

  /** Returns what comparing, hashing or writing this value costs, in elements. */
  default int weight() {
    return 1;
  }

  /** Returns how deeply values are nested in this one. */
  default int depth() {
    return 0;
  }
}
