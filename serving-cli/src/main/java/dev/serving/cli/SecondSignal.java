package dev.serving.cli;

/**
 * Ends the process at once when a signal comes while it is ending already: whoever presses Ctrl-C
 * twice means it.
 */
final class SecondSignal {
  private SecondSignal() {}

  /** From now on a signal ends the process. */
  static void endsAtOnce() {
    Signals unused = Signals.hear(SecondSignal::end);
  }

  /** Ends the process. */
  static void end(int number) {
    System.err.println("serving: a second signal: ending at once");
    Runtime.getRuntime().halt(Signals.SIGNALLED + number);
  }
}
