package dev.serving.template;

import dev.serving.template.Statement.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses a template's text and tags into one statement. */
final class StatementParser {
  private static final Set<String> MISSING_TAGS =
      Set.of("autoescape", "block", "do", "extends", "from", "import", "include", "trans", "debug");

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private int loops;

  private StatementParser(Source source) {
    this.tokens = new TokenStream(source);
    this.expressions = new ExpressionParser(tokens);
  }

  static Statement parse(String template) {
    return new StatementParser(new Source(template)).template();
  }

  private Statement template() {
    return body(Set.of());
  }

  /** Parses up to a tag named in {@code ends} and leaves the mark at that name. */
  private Statement body(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.type()) {
        case DATA -> {
          Text text = Text.literal(token.text());
          statements.add(Statement.of(context -> context.out().append(text)));
        }
        case PRINT_BEGIN -> statements.add(print(token));
        case BLOCK_BEGIN -> {
          if (tokens.peek().type() == TokenType.NAME && ends.contains(tokens.peek().text())) {
            return Statement.sequence(statements);
          }
          statements.add(tokens.nested(this::statement).at(tokens.source(), token.offset()));
        }
        default -> {
          if (!ends.isEmpty()) {
            throw tokens.fail(token, "the template ends; expected one of the tags " + sorted(ends));
          }
          return Statement.sequence(statements);
        }
      }
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  /** Parses up to {@code {% end %}} and that tag itself. */
  private Statement bodyTo(String end) {
    Statement body = body(Set.of(end));
    tokens.next();
    tokens.expectBlockEnd();
    return body;
  }

  private Statement print(Token begin) {
    Expression value = expressions.tuple();
    tokens.expect(TokenType.PRINT_END, "'}}'");
    return printing(value).at(tokens.source(), begin.offset());
  }

  private static Statement printing(Expression value) {
    return Statement.of(context -> value.evaluate(context).write(context.out()));
  }

  private Statement statement() {
    Token tag = tokens.peek();
    String name = tokens.expectIdentifier();
    return switch (name) {
      case "if" -> ifStatement();
      case "for" -> forStatement();
      case "set" -> setStatement();
      case "macro" -> macroStatement();
      case "call" -> callStatement();
      case "filter" -> printing(captured(true, "endfilter"));
      case "with" -> withStatement();
      case "generation" -> printing(captured(false, "endgeneration")); // marks for training
      case "break" -> jump(tag, Flow.BREAK);
      case "continue" -> jump(tag, Flow.CONTINUE);
      default ->
          throw tokens.fail(
              tag,
              MISSING_TAGS.contains(name)
                  ? "the tag '" + name + "' is not supported"
                  : "Encountered unknown tag '" + name + "'.");
    };
  }

  private record Branch(Expression test, Statement body) {}

  private Statement ifStatement() {
    List<Branch> branches = new ArrayList<>();
    String next = "elif";
    while (next.equals("elif")) {
      Expression test = expressions.tupleWithoutCondition();
      tokens.expectBlockEnd();
      branches.add(new Branch(test, body(Set.of("elif", "else", "endif"))));
      next = tokens.next().text();
    }
    tokens.expectBlockEnd();
    Statement otherwise = next.equals("else") ? bodyTo("endif") : Statement.sequence(List.of());
    return choose(branches, otherwise);
  }

  private static Statement choose(List<Branch> branches, Statement otherwise) {
    return context -> {
      for (Branch branch : branches) {
        if (branch.test().evaluate(context).truth()) {
          return branch.body().execute(context);
        }
      }
      return otherwise.execute(context);
    };
  }

  private Statement forStatement() {
    Target target = target(false);
    tokens.expectName("in");
    Expression iterable = expressions.tupleWithoutCondition();
    Expression filter = tokens.skipName("if") ? expressions.expression() : null;
    boolean recursive = tokens.skipName("recursive");
    tokens.expectBlockEnd();
    loops++;
    Statement body = body(Set.of("else", "endfor"));
    loops--;
    boolean hasElse = tokens.next().isName("else");
    tokens.expectBlockEnd();
    Statement otherwise = hasElse ? bodyTo("endfor") : Statement.sequence(List.of());
    return new ForStatement(target, iterable, filter, body, otherwise, recursive);
  }

  private Statement jump(Token tag, Flow flow) {
    if (loops == 0) {
      throw tokens.fail(tag, "'" + tag.text() + "' outside a loop");
    }
    tokens.expectBlockEnd();
    return context -> flow;
  }

  /** Parses what is assigned to: a name, several, or an attribute of a namespace. */
  private Target target(boolean attributes) {
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    do {
      if (tokens.skipOperator("(")) {
        targets.add(tokens.nested(() -> target(false)));
        tokens.expectOperator(")");
      } else if (tokens.peek().type() == TokenType.NAME
          && !(several && tokens.peek().isName("in"))) {
        targets.add(simpleTarget(attributes));
      } else if (targets.isEmpty()) {
        throw tokens.unexpected("expected a name to assign to");
      }
      several |= tokens.peekOperator(",");
    } while (tokens.skipOperator(","));
    return several ? Target.unpack(targets) : targets.get(0);
  }

  private Target simpleTarget(boolean attributes) {
    Token token = tokens.peek();
    String name = tokens.expectIdentifier();
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw tokens.fail(token, "can't assign to '" + name + "'");
    }
    return attributes && tokens.skipOperator(".")
        ? Target.attribute(name, tokens.expectIdentifier())
        : Target.variable(name);
  }

  private Statement setStatement() {
    Target target = target(true);
    Expression value =
        tokens.skipOperator("=") ? valueOfTag() : captured(tokens.skipOperator("|"), "endset");
    return Statement.of(context -> target.assign(context, value.evaluate(context)));
  }

  private Expression valueOfTag() {
    Expression value = expressions.tuple();
    tokens.expectBlockEnd();
    return value;
  }

  /** The text of a block with the filters that its tag names, if it has any. */
  private Expression captured(boolean filtered, String end) {
    Statement[] body = new Statement[1]; // the filters are read before it
    Expression value = context -> context.capture(new Scope(context.scope()), body[0]);
    for (boolean more = filtered; more; more = tokens.skipOperator("|")) {
      value = expressions.operands().filter(value);
    }
    tokens.expectBlockEnd();
    body[0] = outsideLoops(end);
    return value;
  }

  /** Parses a body that is captured, from which no loop around it can be left. */
  private Statement outsideLoops(String end) {
    int around = loops;
    loops = 0;
    try {
      return bodyTo(end);
    } finally {
      loops = around;
    }
  }

  private Statement withStatement() {
    Map<Target, Expression> assignments = new LinkedHashMap<>();
    while (tokens.peek().type() != TokenType.BLOCK_END) {
      if (!assignments.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = Target.variable(tokens.expectIdentifier());
      tokens.expectOperator("=");
      assignments.put(target, expressions.expression());
    }
    tokens.expectBlockEnd();
    Statement body = bodyTo("endwith");
    return context -> {
      Map<Target, Value> values = new LinkedHashMap<>();
      assignments.forEach((target, value) -> values.put(target, value.evaluate(context)));
      return context.within(
          new Scope(context.scope()),
          () -> {
            values.forEach((target, value) -> target.assign(context, value));
            return body.execute(context);
          });
    };
  }

  private Statement macroStatement() {
    String name = tokens.expectIdentifier();
    Macro macro = macro(name, expressions.operands().arguments().parameters(), "endmacro");
    return Statement.of(context -> context.scope().set(name, macro.definedIn(context.scope())));
  }

  private Macro macro(String name, List<Macro.Parameter> parameters, String end) {
    tokens.expectBlockEnd();
    int begin = tokens.position();
    Statement body = outsideLoops(end);
    return new Macro(
        name,
        List.copyOf(parameters),
        body,
        tokens.mentions("varargs", begin),
        tokens.mentions("kwargs", begin),
        tokens.mentions("caller", begin));
  }

  private Statement callStatement() {
    List<Macro.Parameter> parameters =
        tokens.peekOperator("(") ? expressions.operands().arguments().parameters() : List.of();
    OperandParser operands = expressions.operands();
    Expression callee = operands.primary();
    while (tokens.peekOperator(".") || tokens.peekOperator("[")) {
      callee = operands.subscript(callee);
    }
    Expression function = callee;
    ArgumentParser.Given given = operands.arguments().arguments();
    Macro caller = macro("caller", parameters, "endcall");
    return printing(
        context -> {
          Arguments arguments = given.evaluate(context);
          Map<String, Value> named = new LinkedHashMap<>(arguments.named());
          named.put("caller", caller.definedIn(context.scope()));
          Value called = function.evaluate(context);
          return Evaluation.call(context, called, new Arguments(arguments.positional(), named));
        });
  }
}
