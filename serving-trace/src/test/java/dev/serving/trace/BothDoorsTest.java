package dev.serving.trace;

import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import dev.serving.trace.testing.Transport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Functions and handles draw the same tree, in scripts of calls from a seeded generator, and what
 * is exported is that tree (rule 62 of the reference).
 */
@ParameterizedClass
@EnumSource
class BothDoorsTest {
  private static final AttributeKey<Long> TOKENS = AttributeKey.longKey("tokens");

  @RegisterExtension final TraceRecorder recorder;
  @RegisterExtension final TraceRecorder memory = new TraceRecorder();
  private final int scripts;

  BothDoorsTest(Transport transport) {
    recorder = new TraceRecorder(transport);
    scripts = transport == Transport.MEMORY ? 200 : 20;
  }

  /** One door: what a script does through it. */
  private interface Door {
    void start(long ts);

    void open(String name, long ts);

    void close(String name, long ts);

    void closeAndGoOn(String name, long ts);

    void event(String name, long ts);

    void lanesEnd(String name, long ts);

    void finish(long ts);
  }

  private static final class Functions implements Door {
    @Override
    public void start(long ts) {
      TraceFunctions.traceReqStart("r", (Context) null, ts, "FastDeploy");
    }

    @Override
    public void open(String name, long ts) {
      TraceFunctions.traceSliceStart(name, "r", ts, false);
    }

    @Override
    public void close(String name, long ts) {
      TraceFunctions.traceSliceEnd(name, "r", ts, Attributes.of(TOKENS, ts), false, false);
    }

    @Override
    public void closeAndGoOn(String name, long ts) {
      TraceFunctions.traceSliceEnd(name, "r", ts, null, true, false);
    }

    @Override
    public void event(String name, long ts) {
      TraceFunctions.traceEvent(name, "r", ts, null);
    }

    @Override
    public void lanesEnd(String name, long ts) {
      TraceFunctions.traceSliceEnd(name, "r", ts, null, false, true);
    }

    @Override
    public void finish(long ts) {
      TraceFunctions.traceReqFinish("r", ts, null);
    }
  }

  private static final class Handles implements Door {
    private final Tracing tracing;
    private final ArrayDeque<TraceSlice> open = new ArrayDeque<>();
    private TraceReqContext request;
    private TraceThreadContext lane;

    Handles(Tracing tracing) {
      this.tracing = tracing;
    }

    @Override
    public void start(long ts) {
      request = tracing.startRequest(TraceReqStart.of("r").withTs(ts).withRole("FastDeploy"));
      lane = request.lane(ts);
    }

    @Override
    public void open(String name, long ts) {
      lane = request.lane(ts);
      open.push(lane.slice(name, ts));
    }

    @Override
    public void close(String name, long ts) {
      open.pop().name(name).set(TOKENS, ts).end(ts);
    }

    @Override
    public void closeAndGoOn(String name, long ts) {
      open.pop().name(name).end(ts);
      open.push(lane.anonymous(ts));
    }

    @Override
    public void event(String name, long ts) {
      open.peek().event(name, ts, null);
    }

    @Override
    public void lanesEnd(String name, long ts) {
      open.pop().name(name).end(ts);
      lane.finish(ts);
      open.clear();
    }

    @Override
    public void finish(long ts) {
      request.finish(ts, null);
    }
  }

  private static void play(Door door, long seed) {
    Random random = new Random(seed);
    ArrayDeque<String> open = new ArrayDeque<>();
    long ts = T;
    door.start(ts);
    for (int i = 0; i < 30; i++) {
      ts += random.nextInt(5);
      int choice = open.isEmpty() ? 0 : random.nextInt(5);
      switch (choice) {
        case 0 -> {
          open.push("slice" + i);
          door.open("slice" + i, ts);
        }
        case 1 -> door.close(open.pop(), ts);
        case 2 -> {
          door.closeAndGoOn(open.pop(), ts);
          open.push("next" + i);
        }
        case 3 -> door.event("event" + i, ts);
        default -> {
          door.lanesEnd(open.pop(), ts);
          open.clear();
        }
      }
    }
    door.finish(ts + 1);
  }

  /** The spans without their ids: each with the names of its parent and of what it links to. */
  private static List<String> tree(TraceRecorder recorder) {
    Map<String, String> names = new TreeMap<>();
    List<SeenSpan> spans = recorder.spans();
    spans.forEach(span -> names.put(span.spanId(), span.name() + "@" + span.start()));
    return spans.stream()
        .map(
            s ->
                "%s %d-%d in %s links %s %s %s"
                    .formatted(
                        s.name(),
                        s.start(),
                        s.end(),
                        names.get(s.parentId()),
                        s.links().stream()
                            .map(link -> names.get(link.spanId()))
                            .collect(Collectors.toList()),
                        new TreeMap<>(s.attributes()),
                        s.events()))
        .sorted()
        .toList();
  }

  @Test
  void theSameScriptDrawsTheSameTreeThroughEither() {
    for (long seed = 0; seed < scripts; seed++) {
      recorder.restart(c -> c);
      recorder.tracing().threadInfo("door");
      play(new Handles(recorder.tracing()), seed);
      List<String> byHandles = tree(recorder);
      recorder.restart(c -> c);
      TraceFunctions.processTracingInit(recorder.tracing());
      TraceFunctions.traceSetThreadInfo("door");
      play(new Functions(), seed);
      List<String> byFunctions = tree(recorder);
      TraceFunctions.processTracingShutdown();
      assertThat(byFunctions).as("seed %d", seed).isEqualTo(byHandles);
      assertThat(byHandles).as("seed %d", seed).hasSizeGreaterThan(5);
    }
  }

  @Test
  void r62_theExportedTreeIsTheOneInMemory() {
    for (long seed = 0; seed < scripts; seed++) {
      recorder.restart(c -> c);
      memory.restart(c -> c);
      play(new Handles(recorder.tracing()), seed);
      play(new Handles(memory.tracing()), seed);
      assertThat(tree(recorder)).as("seed %d", seed).isEqualTo(tree(memory));
    }
  }
}
