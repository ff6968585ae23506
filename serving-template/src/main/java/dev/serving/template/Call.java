package dev.serving.template;

import java.util.List;

/** One call of a {@link Builtin}: the value that it is applied to and its bound arguments. */
record Call(Context context, Value self, List<Value> bound, Arguments arguments) {
  /** Returns the argument, or null if it was not given. */
  Value value(int index) {
    return index < bound.size() ? bound.get(index) : null;
  }

  Value value(int index, Value otherwise) {
    return value(index) == null ? otherwise : value(index);
  }

  boolean truth(int index) {
    return value(index) != null && value(index).truth();
  }

  /** Returns an argument that must be a string; null if it was not given or is None. */
  Text text(int index) {
    Value value = value(index);
    if (value == null || value == None.NONE) {
      return null;
    }
    if (value instanceof Text text) {
      return text;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw TemplateException.type("expected str, got " + value.typeName());
  }

  /** Returns an argument as {@code str()} makes it; {@code otherwise} if it was not given. */
  Text string(int index, String otherwise) {
    return value(index) == null ? Text.literal(otherwise) : context.text(value(index));
  }

  /** Returns an integer argument, cut to what fits. */
  int integer(int index, int otherwise) {
    if (value(index) == null) {
      return otherwise;
    }
    return Arithmetic.clamped(value(index));
  }

  /** Returns {@code str(self)}. */
  Text selfText() {
    return context.text(self);
  }

  TextBuilder newText() {
    return context.newText();
  }
}
