package dev.serving.bench.server;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * Leaves out of a running process of the server all that is done to know why requests are slow, and
 * puts it in again. A server has no such switch, for nobody should run it without; so this comes
 * into its processes as a Java agent, and bends the methods that would do it.
 */
public final class BlameSwitch {
  /** What is left out altogether, by its class. */
  static final Map<String, Set<String>> LEFT_OUT =
      Map.of(
          "dev.serving.core.engine.StepLedger", Set.of("step", "sendTo"),
          "dev.serving.core.frontend.TokenHops", Set.of("tokens", "end"),
          "dev.serving.core.frontend.KnownRequests", Set.of("dispatched"),
          "dev.serving.core.frontend.RequestListeners", Set.of("accounted"),
          "dev.serving.core.frontend.RequestTrace", Set.of("accounted"));

  /** Who asks here for an account gets none, at once. */
  static final Map<String, Set<String>> ANSWERED =
      Map.of("dev.serving.core.frontend.Accounts", Set.of("settle"));

  static final String NO_ACCOUNT = "dev.serving.core.frontend.Settled";

  /** Whether it is left out now: what is bent reads it, wherever that is. */
  public static volatile boolean off;

  /** What who asks gets meanwhile. */
  public static volatile Object nothing;

  private BlameSwitch() {}

  /**
   * Called in the server's process.
   *
   * @param word off or on
   */
  public static void agentmain(String word, Instrumentation instrumentation) throws Exception {
    if (nothing == null) {
      ClassReloadingStrategy reload = ClassReloadingStrategy.of(instrumentation);
      bend(LEFT_OUT, LeaveOut.class, reload);
      bend(ANSWERED, Answer.class, reload);
      nothing = noAccount();
    }
    off = word.equals("off");
  }

  private static void bend(
      Map<String, Set<String>> what, Class<?> how, ClassReloadingStrategy reload) throws Exception {
    for (var entry : what.entrySet()) {
      Class<?> type = Class.forName(entry.getKey());
      String[] names = entry.getValue().toArray(String[]::new);
      new ByteBuddy()
          .redefine(type)
          .visit(Advice.to(how).on(ElementMatchers.namedOneOf(names)))
          .make()
          .load(type.getClassLoader(), reload);
    }
  }

  static Object noAccount() throws ReflectiveOperationException {
    Constructor<?> made = Class.forName(NO_ACCOUNT).getDeclaredConstructors()[0];
    made.setAccessible(true);
    return made.newInstance(new Object[made.getParameterCount()]);
  }

  /** Begins a method that is not to do anything; copied into it. */
  public static final class LeaveOut {
    private LeaveOut() {}

    /** Whether to return at once. */
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    public static boolean begin() {
      return off;
    }
  }

  /** Begins a method whose third argument waits for an account; copied into it. */
  public static final class Answer {
    private Answer() {}

    /** Whether to return at once. */
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    public static boolean begin(@Advice.Argument(2) Consumer<Object> then) {
      boolean none = off;
      if (none) {
        then.accept(nothing);
      }
      return none;
    }
  }
}
