package dev.serving.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses the arguments of calls and the parameters of macros. */
final class ArgumentParser {
  static final Given NONE = new Given(List.of(), Map.of(), null, null);

  /** Arguments as written; {@code more} and {@code moreNamed} follow stars and may be null. */
  record Given(
      List<Expression> positional,
      Map<String, Expression> named,
      Expression more,
      Expression moreNamed) {
    static Given of(Expression argument) {
      return new Given(List.of(argument), Map.of(), null, null);
    }

    Arguments evaluate(Context context) {
      List<Value> values = Expression.evaluateAll(context, positional);
      if (more != null) {
        values.addAll(more.evaluate(context).elements());
      }
      Map<String, Value> byName = new LinkedHashMap<>();
      named.forEach((name, value) -> byName.put(name, value.evaluate(context)));
      if (moreNamed != null) {
        addNamed(byName, moreNamed.evaluate(context));
      }
      return new Arguments(values, byName);
    }

    private static void addNamed(Map<String, Value> byName, Value mapping) {
      if (!(mapping instanceof Dict dict)) {
        throw TemplateException.type("argument after ** must be a mapping");
      }
      dict.entries()
          .forEach(
              (key, value) -> {
                if (!(key instanceof Text)) {
                  throw TemplateException.type("keywords must be strings");
                }
                byName.put(key.toString(), value);
              });
    }
  }

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  ArgumentParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Given arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Expression more = null;
    Expression moreNamed = null;
    tokens.expectOperator("(");
    while (!tokens.peekOperator(")")) {
      if (tokens.skipOperator("*")) {
        more = expressions.expression();
      } else if (tokens.skipOperator("**")) {
        moreNamed = expressions.expression();
      } else if (isNamed()) {
        String name = tokens.expectIdentifier();
        tokens.expectOperator("=");
        named.put(name, expressions.expression());
      } else if (!named.isEmpty() || more != null || moreNamed != null) {
        throw tokens.unexpected("expected a named argument after named ones");
      } else {
        positional.add(expressions.expression());
      }
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return new Given(positional, named, more, moreNamed);
  }

  private boolean isNamed() {
    return tokens.peek().type() == TokenType.NAME && tokens.peekSecond().isOperator("=");
  }

  /** The parameters of a macro in parentheses. */
  List<Macro.Parameter> parameters() {
    List<Macro.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.peekOperator(")")) {
      String name = tokens.expectIdentifier();
      Expression otherwise = tokens.skipOperator("=") ? expressions.expression() : null;
      if (otherwise == null
          && !parameters.isEmpty()
          && parameters.get(parameters.size() - 1).otherwise() != null) {
        throw tokens.fail("non-default argument follows default argument");
      }
      parameters.add(new Macro.Parameter(name, otherwise));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return parameters;
  }
}
