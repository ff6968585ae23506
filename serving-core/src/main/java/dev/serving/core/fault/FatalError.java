package dev.serving.core.fault;

/**
 * Tells the process that a part of it has died, for those who catch what would otherwise end a
 * thread: event loops, executors, the threads of libraries.
 *
 * <p>It goes where the JVM tells of a dead thread, to the default handler of uncaught exceptions.
 * Our processes set one that ends them: half of a process looks alive and serves nobody. Whoever
 * embeds this module decides for himself. Any thread.
 */
public final class FatalError {
  private FatalError() {}

  /** Reports the death of the thread that calls this, or of what it looks after. */
  public static void report(Throwable cause) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
  }

  /** Reports what has died when it died of an {@link Error}: no code of ours expects one. */
  public static void reportError(Throwable cause) {
    if (cause instanceof Error) {
      report(cause);
    }
  }
}
