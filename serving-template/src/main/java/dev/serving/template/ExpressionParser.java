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

  /** The arithmetic operators, the weakest first; all of them associate to the left. */
  private static final List<Set<String>> ARITHMETIC =
      List.of(Set.of("+", "-"), Set.of("~"), Set.of("*", "/", "//", "%"), Set.of("**"));

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
    List<Expression> elements = new ArrayList<>();
    do {
      elements.add(conditional ? expression() : tokens.nested(this::or));
      if (!tokens.peekOperator(",") && elements.size() == 1) {
        return elements.get(0);
      }
    } while (tokens.skipOperator(",") && !endsTuple());
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
      left = shortcut(true, left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = shortcut(false, left, not());
    }
    return left;
  }

  /** The first operand if its truth is {@code deciding}, else the second. */
  private static Expression shortcut(boolean deciding, Expression first, Expression second) {
    return context -> {
      Value value = first.evaluate(context);
      return value.truth() == deciding ? value : second.evaluate(context);
    };
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
    Expression first = arithmetic(0);
    List<Comparand> others = new ArrayList<>();
    for (String operator = comparator(); operator != null; operator = comparator()) {
      others.add(new Comparand(operator, arithmetic(0)));
    }
    Expression all = context -> compare(context, first.evaluate(context), others);
    return others.isEmpty() ? first : all.at(tokens.source(), begin.offset());
  }

  /** Reads a comparison operator; null if there is none. */
  private String comparator() {
    Token token = tokens.peek();
    if (isOperator(COMPARISONS)) {
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

  private Expression arithmetic(int level) {
    if (level == ARITHMETIC.size()) {
      return unary(true);
    }
    Expression left = arithmetic(level + 1);
    while (isOperator(ARITHMETIC.get(level))) {
      Token operator = tokens.next();
      Expression first = left;
      Expression second = arithmetic(level + 1);
      Expression both =
          context ->
              Arithmetic.apply(
                  context, operator.text(), first.evaluate(context), second.evaluate(context));
      left = both.at(tokens.source(), operator.offset());
    }
    return left;
  }

  private boolean isOperator(Set<String> operators) {
    Token token = tokens.peek();
    return token.type() == TokenType.OPERATOR && operators.contains(token.text());
  }

  private Expression unary(boolean filtered) {
    Token sign = tokens.peek();
    boolean signed = sign.isOperator("-") || sign.isOperator("+");
    Expression operand = operands.postfix(signed ? signed(tokens.next()) : operands.primary());
    return filtered ? operands.filtersAndTests(operand) : operand;
  }

  private Expression signed(Token sign) {
    Expression operand = tokens.nested(() -> unary(false));
    Expression signed = context -> Arithmetic.signed(sign.text(), operand.evaluate(context));
    return signed.at(tokens.source(), sign.offset());
  }
}
