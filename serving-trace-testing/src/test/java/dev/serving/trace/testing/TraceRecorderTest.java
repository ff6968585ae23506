package dev.serving.trace.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that leaves something open fails, and is told what. */
class TraceRecorderTest {
  /** The context of a test that has passed so far. */
  private static ExtensionContext passed() {
    return (ExtensionContext)
        Proxy.newProxyInstance(
            TraceRecorderTest.class.getClassLoader(),
            new Class<?>[] {ExtensionContext.class},
            (proxy, method, arguments) -> Optional.empty());
  }

  @Test
  void anOpenSliceFailsTheTest() {
    TraceRecorder recorder = new TraceRecorder();
    recorder.tracing().startRequest(TraceReqStart.of("r7")).lane().slice("DECODE");
    assertThatThrownBy(() -> recorder.afterEach(passed()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("r7")
        .hasMessageContaining("DECODE");
  }

  @Test
  void anOpenLaneOfACopyFailsTheTest() {
    TraceRecorder recorder = new TraceRecorder();
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    recorder.tracing().joinRequest("copy", request.carrier(), 0).lane();
    request.finish();
    assertThatThrownBy(() -> recorder.afterEach(passed())).hasMessageContaining("copy");
  }

  @Test
  void whatWasEndedOrMeantPasses() {
    TraceRecorder ended = new TraceRecorder();
    ended.tracing().startRequest(TraceReqStart.of("r")).finish();
    assertThatCode(() -> ended.afterEach(passed())).doesNotThrowAnyException();
    TraceRecorder meant = new TraceRecorder();
    meant.mayLeaveOpen();
    meant.tracing().startRequest(TraceReqStart.of("r"));
    assertThatCode(() -> meant.afterEach(passed())).doesNotThrowAnyException();
  }
}
