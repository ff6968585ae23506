package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * This shows that no call of a traced application throws, whatever it is given: nulls and zeros.
 */
class NullEverywhereTest {
  /** What runs somebody's work, which must be there, or begins and ends tracing itself. */
  private static final Set<String> OTHERS =
      Set.of("call", "traceSpan", "processTracingInit", "start", "with", "storeInContext");

  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  @ParameterizedTest
  @ValueSource(strings = {"on", "off", "closed"})
  void onEveryHandle(String how) {
    recorder.mayLeaveOpen();
    Tracing tracing = how.equals("off") ? Tracing.noop() : recorder.tracing();
    eachMethod(Tracing.class, t -> tracing, "close");
    eachMethod(TraceReqContext.class, m -> request(tracing));
    eachMethod(TraceThreadContext.class, m -> request(tracing).lane());
    eachMethod(TraceSlice.class, m -> request(tracing).lane().slice("S"));
    eachMethod(TraceSlice.class, m -> ended(request(tracing).lane().slice("S")));
    eachMethod(Span.class, m -> Span.fromContext(request(tracing).context()));
    eachMethod(Span.class, m -> Span.fromContext(request(tracing).lane().context()));
    eachMethod(GenAiAttributes.class, m -> tracing.genAi());
    if (how.equals("closed")) {
      TraceReqContext before = request(tracing);
      tracing.close();
      eachMethod(TraceReqContext.class, m -> before);
      eachMethod(TraceThreadContext.class, m -> before.lane());
      eachMethod(Tracing.class, t -> tracing);
    }
    assertThat(recorder.faults(TraceFault.INTERNAL)).isZero();
  }

  @Test
  void onTheirWayToAnotherProcess() {
    TraceCarrier carrier = recorder.tracing().startRequest(null).carrier();
    recorder.mayLeaveOpen();
    eachMethod(TraceCarrier.class, m -> carrier);
    eachMethod(TraceCarrier.class, m -> TraceCarrier.none());
    eachMethod(TraceReqStart.class, m -> TraceReqStart.of(null));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void inEveryFunction(boolean on) {
    recorder.mayLeaveOpen();
    TraceFunctions.processTracingInit(on ? recorder.tracing() : Tracing.noop());
    eachMethod(TraceFunctions.class, m -> null, "processTracingShutdown");
    TraceFunctions.traceReqStart("r");
    TraceFunctions.traceSliceStart("S", "r");
    eachMethod(TraceFunctions.class, m -> null, "processTracingShutdown");
    assertThat(recorder.faults(TraceFault.INTERNAL)).isZero();
  }

  private static TraceReqContext request(Tracing tracing) {
    return tracing.startRequest(TraceReqStart.of("r"));
  }

  private static TraceSlice ended(TraceSlice slice) {
    slice.end();
    return slice;
  }

  private static void eachMethod(Class<?> type, Function<Method, Object> made, String... but) {
    List<String> left = Arrays.asList(but);
    Stream.of(type.getMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic())
        .filter(m -> m.getDeclaringClass() != Object.class)
        .filter(m -> !OTHERS.contains(m.getName()) && !left.contains(m.getName()))
        .forEach(
            m -> assertThatCode(() -> invoke(m, made)).as(m.toString()).doesNotThrowAnyException());
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static void invoke(Method method, Function<Method, Object> made) throws Exception {
    Object[] arguments = Stream.of(method.getParameterTypes()).map(t -> nothing(t)).toArray();
    Object on = Modifier.isStatic(method.getModifiers()) ? null : made.apply(method);
    if (method.invoke(on, arguments) instanceof Scope scope) {
      scope.close();
    }
  }

  private static Object nothing(Class<?> type) {
    return type == boolean.class
        ? (Object) false
        : type == long.class
            ? (Object) 0L
            : type == int.class ? (Object) 0 : type == double.class ? (Object) 0.0 : null;
  }
}
