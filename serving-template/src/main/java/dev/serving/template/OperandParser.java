package dev.serving.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Parses what operators stand between: literals, names, subscripts, calls, filters and tests. */
final class OperandParser {
  /** What Jinja and Python would call and this library does not have. */
  private static final Set<String> MISSING_FUNCTIONS = Set.of("cycler", "joiner", "lipsum");

  private static final Set<String> MISSING_METHODS =
      Set.of(
          ("center encode expandtabs format format_map fromkeys isascii isidentifier isprintable"
                  + " istitle ljust maketrans rjust swapcase translate zfill")
              .split(" ", -1));

  private static final Set<String> NO_TEST_ARGUMENT =
      Set.of("else", "or", "and", "if", "is", "in", "not", "recursive");

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final ArgumentParser arguments;

  OperandParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
    this.arguments = new ArgumentParser(tokens, expressions);
  }

  ArgumentParser arguments() {
    return arguments;
  }

  Expression primary() {
    Token token = tokens.next();
    return switch (token.type()) {
      case NAME -> name(token);
      case STRING -> Expression.constant(Text.literal(strings(token)));
      case INTEGER -> Expression.constant(integer(token));
      case FLOAT ->
          Expression.constant(Num.ofReal(Double.parseDouble(token.text().replace("_", ""))));
      case OPERATOR -> bracketed(token);
      default -> throw tokens.fail(token, "expected an expression, got " + token.describe());
    };
  }

  private Expression name(Token token) {
    String name = token.text();
    return switch (name) {
      case "true", "True" -> Expression.constant(Num.TRUE);
      case "false", "False" -> Expression.constant(Num.FALSE);
      case "none", "None" -> Expression.constant(None.NONE);
      default -> {
        if (MISSING_FUNCTIONS.contains(name) && tokens.peekOperator("(")) {
          throw tokens.fail(token, "the function '" + name + "' is not supported");
        }
        yield context -> context.scope().get(name);
      }
    };
  }

  /** Strings that follow one another are one, as in Python. */
  private String strings(Token first) {
    StringBuilder joined = new StringBuilder(first.text());
    while (tokens.peek().type() == TokenType.STRING) {
      joined.append(tokens.next().text());
    }
    return joined.toString();
  }

  private Num integer(Token token) {
    String digits = token.text().replace("_", "").toLowerCase(Locale.ROOT);
    int radix =
        digits.startsWith("0x")
            ? 16
            : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 10;
    try {
      return Num.of(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
    } catch (TemplateException e) {
      throw e.at(tokens.source(), token.offset());
    }
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> parenthesized();
      case "[" -> list();
      case "{" -> dict();
      default -> throw tokens.fail(token, "expected an expression, got " + token.describe());
    };
  }

  private Expression parenthesized() {
    if (tokens.skipOperator(")")) {
      return Expression.constant(Items.tuple());
    }
    Expression inside = expressions.tuple();
    tokens.expectOperator(")");
    return inside;
  }

  private Expression list() {
    List<Expression> elements = new ArrayList<>();
    while (!tokens.peekOperator("]")) {
      elements.add(expressions.expression());
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator("]");
    return context -> Items.list(Expression.evaluateAll(context, elements));
  }

  private Expression dict() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.peekOperator("}")) {
      keys.add(expressions.expression());
      tokens.expectOperator(":");
      values.add(expressions.expression());
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator("}");
    return context -> {
      Map<Value, Value> entries = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        Value key = Dict.requireHashable(keys.get(i).evaluate(context));
        entries.put(key, values.get(i).evaluate(context));
      }
      return new Dict(entries);
    };
  }

  /** Subscripts and calls behind an operand. */
  Expression postfix(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.peekOperator(".") || tokens.peekOperator("[")) {
        result = subscript(result);
      } else if (tokens.peekOperator("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  /** One {@code .name}, {@code .0}, {@code [key]} or {@code [from:to:step]}. */
  Expression subscript(Expression owner) {
    Token begin = tokens.next();
    Expression result = begin.isOperator(".") ? attribute(owner) : bracket(owner);
    return result.at(tokens.source(), begin.offset());
  }

  private Expression attribute(Expression owner) {
    Token token = tokens.next();
    if (token.type() == TokenType.INTEGER) {
      Num index = integer(token);
      return context -> Evaluation.item(owner.evaluate(context), index);
    }
    String name = token.text();
    if (token.type() != TokenType.NAME) {
      throw tokens.fail(token, "expected a name or a number, got " + token.describe());
    }
    if (MISSING_METHODS.contains(name) && tokens.peekOperator("(")) {
      throw tokens.fail(token, "the method '" + name + "' is not supported");
    }
    return context -> Evaluation.attribute(owner.evaluate(context), name);
  }

  private Expression bracket(Expression owner) {
    List<Expression> bounds = new ArrayList<>();
    bounds.add(bound());
    while (bounds.size() < 3 && tokens.skipOperator(":")) {
      bounds.add(bound());
    }
    Expression from = bounds.get(0);
    if (bounds.size() == 1) {
      if (tokens.peekOperator("]") && from == null) {
        throw tokens.unexpected("expected an index");
      }
      tokens.expectOperator("]");
      return context -> Evaluation.item(owner.evaluate(context), from.evaluate(context));
    }
    tokens.expectOperator("]");
    Expression to = bounds.get(1);
    Expression step = bounds.size() > 2 ? bounds.get(2) : null;
    return context ->
        Slice.of(
            context,
            owner.evaluate(context),
            evaluate(context, from),
            evaluate(context, to),
            evaluate(context, step));
  }

  private Expression bound() {
    return tokens.peekOperator(":") || tokens.peekOperator("]") ? null : expressions.tuple();
  }

  private static Value evaluate(Context context, Expression bound) {
    return bound == null ? None.NONE : bound.evaluate(context);
  }

  private Expression call(Expression callee) {
    Token begin = tokens.peek();
    ArgumentParser.Given given = arguments.arguments();
    Expression call =
        context -> {
          Value function = callee.evaluate(context);
          return Evaluation.call(context, function, given.evaluate(context));
        };
    return call.at(tokens.source(), begin.offset());
  }

  /** Filters, tests and calls behind an operand with its subscripts. */
  Expression filtersAndTests(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.skipOperator("|")) {
        result = filter(result);
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.peekOperator("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  /** One filter by name, with the mark behind the bar. */
  Expression filter(Expression input) {
    Token begin = tokens.peek();
    Builtin filter = builtin("filter", Filters.TABLE);
    ArgumentParser.Given given =
        tokens.peekOperator("(") ? arguments.arguments() : ArgumentParser.NONE;
    Expression applied =
        context -> {
          Value value = input.evaluate(context);
          return filter.call(context, value, given.evaluate(context));
        };
    return applied.at(tokens.source(), begin.offset());
  }

  private Builtin builtin(String what, Builtin.Table table) {
    Token begin = tokens.peek();
    StringBuilder name = new StringBuilder(tokens.expectIdentifier());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expectIdentifier());
    }
    Builtin builtin = table.get(name.toString());
    if (builtin == null) {
      throw tokens.fail(begin, "No " + what + " named '" + name + "'.");
    }
    return builtin;
  }

  private Expression test(Expression input) {
    Token begin = tokens.peek();
    boolean negated = tokens.skipName("not");
    Builtin test = builtin("test", Tests.TABLE);
    ArgumentParser.Given given = testArguments();
    Expression tested =
        context -> {
          Value value = input.evaluate(context);
          return Num.of(test.call(context, value, given.evaluate(context)).truth() != negated);
        };
    return tested.at(tokens.source(), begin.offset());
  }

  /** A test takes arguments in parentheses, or a single operand without. */
  private ArgumentParser.Given testArguments() {
    Token token = tokens.peek();
    if (token.isOperator("(")) {
      return arguments.arguments();
    }
    boolean operand =
        switch (token.type()) {
          case NAME -> !NO_TEST_ARGUMENT.contains(token.text());
          case STRING, INTEGER, FLOAT -> true;
          default -> token.isOperator("[") || token.isOperator("{");
        };
    return operand
        ? ArgumentParser.Given.of(tokens.nested(() -> postfix(primary())))
        : ArgumentParser.NONE;
  }
}
