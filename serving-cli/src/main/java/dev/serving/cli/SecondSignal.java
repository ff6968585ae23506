package dev.serving.cli;

import java.lang.reflect.Proxy;

/**
 * Ends the process at once when a signal comes while it is ending already: whoever presses Ctrl-C
 * twice means it. By reflection, since the compiler warns of this API whatever it is told, and a
 * JVM without it ends as it always did.
 */
final class SecondSignal {
  private static final int SIGNALLED = 128;

  private SecondSignal() {}

  static void endsAtOnce() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      for (String name : new String[] {"INT", "TERM"}) {
        Object one = signal.getConstructor(String.class).newInstance(name);
        int number = (int) signal.getMethod("getNumber").invoke(one);
        Object halt =
            Proxy.newProxyInstance(
                handler.getClassLoader(), new Class<?>[] {handler}, (p, m, a) -> end(number));
        signal.getMethod("handle", signal, handler).invoke(null, one, halt);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.getLogger(SecondSignal.class.getName())
          .log(System.Logger.Level.DEBUG, "a second signal is not heard on this JVM", e);
    }
  }

  private static Object end(int number) {
    System.err.println("serving: a second signal: ending at once");
    Runtime.getRuntime().halt(SIGNALLED + number);
    return null;
  }
}
