package dev.serving.trace;

/** What is done when the process is told to end, unless it has been done before. */
final class ExitHook {
  private final Thread thread;

  private ExitHook(Thread thread) {
    this.thread = thread;
  }

  static ExitHook of(Runnable action) {
    Thread thread = new Thread(action, "serving-trace-shutdown");
    try {
      Runtime.getRuntime().addShutdownHook(thread);
    } catch (IllegalStateException endsAlready) {
      // and who starts something then ends it, too
    }
    return new ExitHook(thread);
  }

  /** It is done, or about to be. */
  void remove() {
    try {
      if (thread != Thread.currentThread()) {
        Runtime.getRuntime().removeShutdownHook(thread);
      }
    } catch (IllegalStateException endsAlready) {
      // and who else does it has come before the hook
    }
  }
}
