package dev.serving.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * SIGINT and SIGTERM heard by somebody else than the JVM. By reflection, since the compiler warns
 * of this API whatever it is told; on a JVM without it nothing is heard, and signals do what they
 * always do. A signal that was ignored when the process began stays so.
 */
final class Signals implements AutoCloseable {
  /** What a process that ends by a signal has for an exit code, plus the signal's number. */
  static final int SIGNALLED = 128;

  /** Signals and who heard them before. */
  private final List<Object[]> before = new ArrayList<>();

  private Signals() {}

  /**
   * Hears signals from now on.
   *
   * @param heard is told of each one's number, in a thread of its own
   * @return to be closed where they are to be heard by whom they were before
   */
  static Signals hear(IntConsumer heard) {
    Signals signals = new Signals();
    try {
      for (String name : new String[] {"INT", "TERM"}) {
        Object signal = signalType().getConstructor(String.class).newInstance(name);
        int number = (int) signalType().getMethod("getNumber").invoke(signal);
        signals.before.add(new Object[] {signal, set(signal, handler(() -> heard.accept(number)))});
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.getLogger(Signals.class.getName())
          .log(System.Logger.Level.DEBUG, "signals are not heard on this JVM", e);
    }
    return signals;
  }

  private static Class<?> signalType() throws ClassNotFoundException {
    return Class.forName("sun.misc.Signal");
  }

  private static Class<?> handlerType() throws ClassNotFoundException {
    return Class.forName("sun.misc.SignalHandler");
  }

  private static Object handler(Runnable work) throws ClassNotFoundException {
    InvocationHandler call =
        (proxy, method, arguments) -> {
          if (method.getName().equals("handle")) {
            work.run();
          }
          return null;
        };
    return Proxy.newProxyInstance(
        handlerType().getClassLoader(), new Class<?>[] {handlerType()}, call);
  }

  private static Object set(Object signal, Object handler) throws ReflectiveOperationException {
    return signalType()
        .getMethod("handle", signalType(), handlerType())
        .invoke(null, signal, handler);
  }

  /** Lets those hear them again who did before. */
  @Override
  public void close() {
    try {
      for (Object[] one : before) {
        set(one[0], one[1]);
      }
      before.clear(); // what comes after this is not to be undone by a second call
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("it worked before", e);
    }
  }
}
