package dev.serving.template;

import java.util.List;
import java.util.function.Consumer;

/** A compiled statement. Immutable. */
@FunctionalInterface
interface Statement {
  /** Where execution goes on. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow execute(Context context);

  /** A statement that no loop is left by. */
  static Statement of(Consumer<Context> work) {
    return context -> {
      work.accept(context);
      return Flow.NEXT;
    };
  }

  static Statement sequence(List<Statement> statements) {
    List<Statement> fixed = List.copyOf(statements);
    return context -> {
      for (Statement statement : fixed) {
        Flow flow = statement.execute(context);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    };
  }

  /** Returns this statement, whose failures say that they happened at {@code offset}. */
  default Statement at(Source source, int offset) {
    return context -> {
      context.budget().charge(0);
      return source.locating(offset, () -> execute(context));
    };
  }
}
