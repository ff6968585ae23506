package dev.serving.template;

import java.util.ArrayList;
import java.util.List;

/** A compiled expression. Immutable. */
@FunctionalInterface
interface Expression {
  Value evaluate(Context context);

  static Expression constant(Value value) {
    return context -> value;
  }

  /** Returns this expression, whose failures say that they happened at {@code offset}. */
  default Expression at(Source source, int offset) {
    return context -> source.locating(offset, () -> evaluate(context));
  }

  static List<Value> evaluateAll(Context context, List<Expression> expressions) {
    List<Value> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(expression.evaluate(context)));
    return values;
  }
}
