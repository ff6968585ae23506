package dev.serving.template;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@code for} loop.
 *
 * @param filter keeps the items for which it is true; null keeps all
 * @param otherwise runs if nothing was looped over
 * @param recursive whether the body may call {@code loop(…)}
 */
record ForStatement(
    Target target,
    Expression iterable,
    Expression filter,
    Statement body,
    Statement otherwise,
    boolean recursive)
    implements Statement {

  @Override
  public Flow execute(Context context) {
    run(context, iterable.evaluate(context), 0);
    return Flow.NEXT;
  }

  private void run(Context context, Value iterated, int level) {
    Scope outer = context.scope();
    context.budget().enter();
    try {
      List<Value> items = kept(context, outer, iterated.elements());
      Loop loop = new Loop(items, level, recursive ? recursion(outer, level) : null);
      // As Jinja: the else branch runs, too, when every round was cut short.
      if (!rounds(context, outer, items, loop)) {
        context.within(new Scope(outer), () -> otherwise.execute(context));
      }
    } finally {
      context.budget().leave();
    }
  }

  private List<Value> kept(Context context, Scope outer, List<Value> items) {
    if (filter == null) {
      return items;
    }
    List<Value> kept = new ArrayList<>();
    for (Value item : items) {
      context.budget().charge(0);
      boolean keep =
          context.within(
              new Scope(outer),
              () -> {
                target.assign(context, item);
                return filter.evaluate(context).truth();
              });
      if (keep) {
        kept.add(item);
      }
    }
    return kept;
  }

  /** Runs the body for each item; returns whether it came to its end at least once. */
  private boolean rounds(Context context, Scope outer, List<Value> items, Loop loop) {
    boolean completed = false;
    for (Value item : items) {
      context.budget().charge(0);
      loop.advance();
      Scope inner = new Scope(outer);
      inner.set("loop", loop);
      Flow flow =
          context.within(
              inner,
              () -> {
                target.assign(context, item);
                return body.execute(context);
              });
      completed |= flow == Flow.NEXT;
      if (flow == Flow.BREAK) {
        break;
      }
    }
    return completed;
  }

  private Function recursion(Scope outer, int level) {
    return (context, arguments) -> {
      if (arguments.positional().size() != 1) {
        throw TemplateException.type("loop() takes exactly one argument");
      }
      Value again = arguments.positional().get(0);
      return context.capture(outer, Statement.of(inner -> run(inner, again, level + 1)));
    };
  }
}
