package dev.serving.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process at once when one of its threads has died, after saying so: what is left would
 * look alive and serve nobody. Whoever started it sees its exit, and its journal is told by others.
 *
 * <p>No hooks run and nothing is flushed: the heap may be full and locks may be held for ever.
 */
final class LastWords implements Thread.UncaughtExceptionHandler {
  /** The exit code: an internal error, as {@code sysexits.h} has it. */
  static final int EXIT_CODE = 70;

  // Made early: later there may be no memory for it.
  private static final LastWords ONES = new LastWords();

  private final PrintStream err =
      new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

  /** From now on, for every thread of this process. */
  static void install() {
    Thread.setDefaultUncaughtExceptionHandler(ONES);
  }

  /** For a thread that caught what it cannot go on from. */
  static void end(Throwable cause) {
    ONES.uncaughtException(Thread.currentThread(), cause);
  }

  @Override
  public void uncaughtException(Thread thread, Throwable cause) {
    try {
      err.print("serving: thread '"); // no text is put together: there may be no memory for it
      err.print(thread.getName());
      err.print("' has died: ");
      err.println(cause);
      err.println("serving: this process ends, since it could not go on without it");
      if (!(cause instanceof VirtualMachineError)) { // where memory ran out says nothing of why
        cause.printStackTrace(err);
      }
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
