package dev.serving.template;

import java.time.LocalDateTime;
import java.util.function.Supplier;

/** The state of one rendering: variables, output, budget. Used by one thread. */
final class Context {
  private final Budget budget;
  private final LocalDateTime now;
  private Scope scope;
  private TextBuilder out;

  Context(Budget budget, LocalDateTime now, Scope scope) {
    this.budget = budget;
    this.now = now;
    this.scope = scope;
    this.out = newText();
  }

  Budget budget() {
    return budget;
  }

  LocalDateTime now() {
    return now;
  }

  Scope scope() {
    return scope;
  }

  TextBuilder out() {
    return out;
  }

  TextBuilder newText() {
    return new TextBuilder(budget);
  }

  /** Returns Python's {@code str(value)}. */
  Text text(Value value) {
    if (value instanceof Text text) {
      return text;
    }
    TextBuilder written = newText();
    value.write(written);
    return written.toText();
  }

  /** Does {@code work} in {@code inner} and comes back to the present scope. */
  <T> T within(Scope inner, Supplier<T> work) {
    Scope outer = scope;
    scope = inner;
    try {
      return work.get();
    } finally {
      scope = outer;
    }
  }

  /** Executes {@code body} in {@code inner} and returns what it wrote. */
  Text capture(Scope inner, Statement body) {
    TextBuilder outer = out;
    out = newText();
    try {
      within(inner, () -> body.execute(this));
      return out.toText();
    } finally {
      out = outer;
    }
  }
}
