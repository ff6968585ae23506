package dev.serving.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses expressions, a method for each level of precedence, from the weakest operator to the
 * strongest as in Jinja's grammar.
 */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

  private final TokenStream tokens;
  private final OperandParser operands;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.operands = new OperandParser(tokens, this);
  }

  OperandParser operands() {
    return operands;
  }

  /** An expression, or several with commas between them, which make a tuple. */
  Expression tuple() {
    return tuple(true);
  }

  /** A tuple without {@code … if …} in it, where an {@code if} means something else. */
  Expression tupleWithoutCondition() {
    return tuple(false);
  }

  private Expression tuple(boolean conditional) {
    Expression first = conditional ? expression() : tokens.nested(this::or);
    if (!tokens.peekOperator(",")) {
      return first;
    }
    List<Expression> elements = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !endsTuple()) {
      elements.add(conditional ? expression() : tokens.nested(this::or));
    }
    return context -> Items.tuple(Expression.evaluateAll(context, elements));
  }

  private boolean endsTuple() {
    Token token = tokens.peek();
    return token.type() == TokenType.PRINT_END
        || token.type() == TokenType.BLOCK_END
        || token.isOperator(")")
        || token.isName("in");
  }

  Expression expression() {
    return tokens.nested(this::condition);
  }

  private Expression condition() {
    Expression value = or();
    while (tokens.peek().isName("if")) {
      int line = tokens.source().lineOf(tokens.next().offset());
      Expression test = or();
      Expression otherwise =
          tokens.skipName("else") ? expression() : Expression.constant(withoutElse(line));
      Expression then = value;
      value = context -> (test.evaluate(context).truth() ? then : otherwise).evaluate(context);
    }
    return value;
  }

  private static Undefined withoutElse(int line) {
    return new Undefined(
        "the inline if-expression on line "
            + line
            + " evaluated to false and no else section was defined.");
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      Expression first = left;
      Expression second = and();
      left =
          context -> {
            Value value = first.evaluate(context);
            return value.truth() ? value : second.evaluate(context);
          };
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      Expression first = left;
      Expression second = not();
      left =
          context -> {
            Value value = first.evaluate(context);
            return value.truth() ? second.evaluate(context) : value;
          };
    }
    return left;
  }

  private Expression not() {
    if (tokens.skipName("not")) {
      Expression operand = tokens.nested(this::not);
      return context -> Num.of(!operand.evaluate(context).truth());
    }
    return comparison();
  }

  private record Comparand(String operator, Expression right) {}

  private Expression comparison() {
    Token begin = tokens.peek();
    Expression first = sum();
    List<Comparand> others = new ArrayList<>();
    for (String operator = comparator(); operator != null; operator = comparator()) {
      others.add(new Comparand(operator, sum()));
    }
    return others.isEmpty()
        ? first
        : located(begin, context -> compare(context, first.evaluate(context), others));
  }

  /** Reads a comparison operator; null if there is none. */
  private String comparator() {
    Token token = tokens.peek();
    if (token.type() == TokenType.OPERATOR && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (token.isName("not") && tokens.peekSecond().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private static Value compare(Context context, Value first, List<Comparand> others) {
    Value left = first;
    for (Comparand other : others) {
      Value right = other.right().evaluate(context);
      if (!Comparison.apply(context, other.operator(), left, right)) {
        return Num.FALSE;
      }
      left = right;
    }
    return Num.TRUE;
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peekOperator("+") || tokens.peekOperator("-")) {
      left = binary(tokens.next(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.peekOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return context -> {
      TextBuilder out = context.newText();
      parts.forEach(part -> part.evaluate(context).write(out));
      return out.toText();
    };
  }

  private Expression product() {
    Expression left = power();
    while (tokens.peekOperator("*")
        || tokens.peekOperator("/")
        || tokens.peekOperator("//")
        || tokens.peekOperator("%")) {
      left = binary(tokens.next(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (tokens.peekOperator("**")) {
      left = binary(tokens.next(), left, unary(true));
    }
    return left;
  }

  private Expression binary(Token operator, Expression left, Expression right) {
    return located(
        operator,
        context ->
            Arithmetic.apply(
                context, operator.text(), left.evaluate(context), right.evaluate(context)));
  }

  private Expression unary(boolean filtered) {
    Token sign = tokens.peek();
    Expression operand;
    if (tokens.skipOperator("-")) {
      Expression signed = tokens.nested(() -> unary(false));
      operand = located(sign, context -> Arithmetic.negate(signed.evaluate(context)));
    } else if (tokens.skipOperator("+")) {
      Expression signed = tokens.nested(() -> unary(false));
      operand = located(sign, context -> Arithmetic.plus(signed.evaluate(context)));
    } else {
      operand = operands.primary();
    }
    operand = operands.postfix(operand);
    return filtered ? operands.filtersAndTests(operand) : operand;
  }

  private Expression located(Token token, Expression expression) {
    return expression.at(tokens.source(), token.offset());
  }
}
