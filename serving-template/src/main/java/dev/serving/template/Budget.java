package dev.serving.template;

/** What one rendering may still do. Used by one thread. */
final class Budget {
  private static final int CLOCK_EVERY = 1024;

  private final TemplateLimits limits;
  private final long deadline;
  private long steps;
  private long nextLook = CLOCK_EVERY;
  private int depth;

  Budget(TemplateLimits limits) {
    this.limits = limits;
    this.deadline = System.nanoTime() + limits.timeout().toNanos();
  }

  /** Counts one step and {@code work} more. */
  void charge(long work) {
    steps += 1 + work;
    if (steps > limits.maxSteps()) {
      throw TemplateException.limit("the template ran more than " + limits.maxSteps() + " steps");
    }
    if (steps >= nextLook) { // reading the clock costs more than most steps
      nextLook = steps + CLOCK_EVERY;
      if (System.nanoTime() - deadline > 0) {
        throw TemplateException.limit("the template ran longer than " + limits.timeout());
      }
    }
  }

  /** Refuses a text or list before it is made too large. */
  void requireSize(long size) {
    if (size > limits.maxSize()) {
      throw TemplateException.limit(
          "a text or list is larger than " + limits.maxSize() + " elements");
    }
  }

  void enter() {
    charge(0);
    if (++depth > limits.maxDepth()) {
      throw TemplateException.limit(
          "macros and loops are nested more than " + limits.maxDepth() + " deep");
    }
  }

  void leave() {
    depth--;
  }
}
