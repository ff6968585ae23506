package dev.serving.trace.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.TraceFunctions;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.testing.TraceRecorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The line that is logged of a call that makes no sense says whose it was. */
class CulpritTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  private static final Logger LOG = Logger.getLogger("dev.serving.trace");
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
    TraceFunctions.processTracingInit(recorder.tracing());
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(handler);
  }

  @Test
  void aCallForAnUnknownRequestNamesItsFunctionSliceRequestAndPlace() {
    TraceFunctions.traceSliceEnd("SLICE", "rid-1");
    assertThat(lines)
        .singleElement()
        .asString()
        .contains("traceSliceEnd", "'SLICE'", "'rid-1'", "CulpritTest.java:", "thread 'main'");
  }

  @Test
  void aSliceUsedByAnotherThreadNamesBothThreads() throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("rid-2"));
    TraceSlice slice = request.lane().slice("SLICE");
    Thread thief = new Thread(slice::end, "thief");
    thief.start();
    thief.join();
    request.finish();
    assertThat(lines)
        .singleElement()
        .asString()
        .contains("'SLICE'", "'rid-2'", "thread 'main'", "end on thread 'thief'");
  }

  @Test
  void aStrangersIdCannotBeginALineOfItsOwn() {
    TraceFunctions.traceSliceEnd("S", "a\nINFO: all is well" + "x".repeat(1000));
    assertThat(lines).singleElement().asString().doesNotContain("\n").hasSizeLessThan(500);
  }
}
