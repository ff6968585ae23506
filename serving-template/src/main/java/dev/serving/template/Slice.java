package dev.serving.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's indices and slices. */
final class Slice {
  private Slice() {}

  /** Returns the place that {@code key} means in a sequence of {@code size}, or -1 for none. */
  static int index(Value key, int size) {
    if (!(key instanceof Num number) || number.integer() == null) {
      return -1;
    }
    BigInteger index = number.integer();
    if (index.bitLength() > 31) {
      return -1;
    }
    long at = index.signum() < 0 ? index.longValue() + size : index.longValue();
    return at >= 0 && at < size ? (int) at : -1;
  }

  /** Returns {@code value[start:stop:step]}; each bound may be {@link None}. */
  static Value of(Context context, Value value, Value start, Value stop, Value step) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (!(value instanceof Text || value instanceof Items)) {
      throw TemplateException.type(
          value instanceof Dict
              ? "unhashable type: 'slice'"
              : "'" + value.typeName() + "' object is not subscriptable");
    }
    int size = value.length();
    long by = step == None.NONE ? 1 : bound(step);
    if (by == 0) {
      throw TemplateException.value("slice step cannot be zero");
    }
    long lowest = by > 0 ? 0 : -1;
    long highest = by > 0 ? size : size - 1;
    long from = start == None.NONE ? (by > 0 ? lowest : highest) : clamp(start, size, by);
    long to = stop == None.NONE ? (by > 0 ? highest : lowest) : clamp(stop, size, by);
    context.budget().charge(size >> 2);
    if (value instanceof Text text && by == 1) {
      return text.slice((int) from, (int) Math.max(from, to));
    }
    return pick(context, value, from, to, by);
  }

  private static Value pick(Context context, Value value, long from, long to, long by) {
    TextBuilder text = context.newText();
    List<Value> picked = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      if (value instanceof Text source) {
        text.append(source.marked((int) i));
      } else {
        picked.add(value.elements().get((int) i));
      }
    }
    return value instanceof Items items ? items.like(picked) : text.toText();
  }

  private static long clamp(Value bound, int size, long by) {
    long at = bound(bound);
    long lowest = by > 0 ? 0 : -1;
    return Math.max(lowest, Math.min(size + lowest, at < 0 ? at + size : at));
  }

  private static long bound(Value value) {
    if (!(value instanceof Num number) || number.isFloat()) {
      throw TemplateException.type(
          "slice indices must be integers or None or have an __index__ method");
    }
    return Arithmetic.clamped(value);
  }
}
