package dev.serving.template;

import java.util.List;

/** Python's comparison operators. */
final class Comparison {
  private Comparison() {}

  static boolean apply(Context context, String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> equal(context, left, right);
      case "!=" -> !equal(context, left, right);
      case "in" -> contains(context, right, left);
      case "not in" -> !contains(context, right, left);
      default -> orders(context, operator, left, right);
    };
  }

  static boolean equal(Context context, Value left, Value right) {
    context.budget().charge(Math.min(left.weight(), right.weight()));
    return left.equals(right);
  }

  static boolean contains(Context context, Value container, Value element) {
    context.budget().charge(container.weight());
    return container.contains(context, element);
  }

  private static boolean orders(Context context, String operator, Value left, Value right) {
    if (isNan(left) || isNan(right)) {
      return false;
    }
    int order = order(context, operator, left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static boolean isNan(Value value) {
    return value instanceof Num number && Double.isNaN(number.real());
  }

  /** Compares for sorting; {@code operator} is for the error message. */
  static int order(Context context, String operator, Value left, Value right) {
    context.budget().charge(Math.min(left.weight(), right.weight()));
    if (left instanceof Num a && right instanceof Num b) {
      return a.compareTo(b);
    }
    if (left instanceof Text a && right instanceof Text b) {
      return a.compareTo(b);
    }
    if (left instanceof Items a && right instanceof Items b && a.isTuple() == b.isTuple()) {
      return orderItems(context, operator, a.elements(), b.elements());
    }
    if (left instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw TemplateException.type(
        String.format(
            "'%s' not supported between instances of '%s' and '%s'",
            operator, left.typeName(), right.typeName()));
  }

  private static int orderItems(
      Context context, String operator, List<Value> left, List<Value> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!left.get(i).equals(right.get(i))) {
        return order(context, operator, left.get(i), right.get(i));
      }
    }
    return Integer.compare(left.size(), right.size());
  }
}
