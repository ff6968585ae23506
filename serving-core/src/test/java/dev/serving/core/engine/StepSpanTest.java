package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.blame.StepBuffer;
import dev.serving.blame.StepPart;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FrontendMessage.StepsDone;
import dev.serving.core.message.Message;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * This shows that the spans of steps say what the ledger says: its notes, made anew from them, are
 * the same to the nanosecond.
 */
class StepSpanTest {
  private static final List<String> DELAYS = List.of("", "budget", "blocks", "sequences");

  @Test
  void theLedgersNotesCanBeMadeFromSpans() throws Exception {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    TracingConfig everything = TracingConfig.builder().enabled(true).level(3).build();
    long[] told;
    List<SpanData> steps;
    try (Tracing tracing = Tracing.start(everything, exporter)) {
      told = longs(run(tracing));
      assertThat(tracing.flush(Duration.ofSeconds(10))).isTrue();
      steps =
          exporter.getFinishedSpanItems().stream()
              .filter(span -> span.getName().equals("BATCH_STEP"))
              .sorted(Comparator.comparing(span -> number(span, "step")))
              .toList();
    }
    assertThat(steps).anyMatch(step -> !list(step, "preempted.victim").isEmpty());
    assertThat(steps).anyMatch(step -> number(step, "waiting") > 0);
    int at = 0;
    for (SpanData step : steps) {
      long[] made = longs(note(step));
      assertThat(Arrays.copyOfRange(told, at, at + made.length)).isEqualTo(made);
      at += made.length;
    }
    assertThat(at).isEqualTo(told.length);
  }

  private static long[] longs(byte[] bytes) {
    long[] longs = new long[bytes.length / Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().get(longs);
    return longs;
  }

  /** Two requests in too few KV blocks: one has to wait, and to begin again. */
  private static byte[] run(Tracing tracing) throws Exception {
    var config = Demo.config(1, SchedulerConfig.DEFAULT, Demo.blocks(11));
    try (TestFrontend frontend =
        TestFrontend.start(
                config, RankLauncher.NONE, o -> o.withListener(EngineTrace.listener(tracing, 0)))
            .ready()) {
      frontend.send(traced(tracing, Demo.request("older", prompt(1, 30), 100)));
      frontend.send(traced(tracing, Demo.request("newer", prompt(2, 30), 70)));
      frontend.untilEnded("older", "newer");
      Duration soon = Duration.ofSeconds(20);
      frontend.until(soon, () -> frontend.heard.stream().anyMatch(m -> isAfter(m, frontend)));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (Message message : frontend.heard) {
        if (message instanceof StepsDone done) {
          all.write(done.steps());
        }
      }
      return all.toByteArray();
    }
  }

  private static boolean isAfter(Message message, TestFrontend frontend) {
    return message instanceof StepsDone done
        && done.completeNs() >= frontend.last("older").orElseThrow().sentNs()
        && done.completeNs() >= frontend.last("newer").orElseThrow().sentNs();
  }

  private static Generate traced(Tracing tracing, Generate request) {
    TraceReqContext context = tracing.startRequest(TraceReqStart.of(request.rid()));
    Generate traced =
        new Generate(request.rid(), request.prompt(), request.sampling(), 0, context.carrier());
    context.finish(0, null);
    return traced;
  }

  private static byte[] note(SpanData span) {
    StepBuffer buffer = new StepBuffer();
    long sent = number(span, "nano_time");
    long answered = sent + span.getEndEpochNanos() - span.getStartEpochNanos();
    long planned = sent - number(span, "plan_ns");
    buffer.begin(
        number(span, "step"), planned, sent, answered, answered + number(span, "complete_ns"));
    String delay = span.getAttributes().get(AttributeKey.stringKey("delay"));
    int waiting = (int) number(span, "waiting");
    buffer.queue(DELAYS.indexOf(delay == null ? "" : delay), waiting, number(span, "paused_ns"));
    for (int rank = 0; rank < list(span, "rank.busy_ns").size(); rank++) {
      buffer.rank(
          list(span, "rank.busy_ns").get(rank),
          list(span, "rank.waited_ns").get(rank),
          list(span, "rank.paused_ns").get(rank));
    }
    List<Long> keys = list(span, "part.key");
    for (int part = 0; part < keys.size(); part++) {
      buffer.part(
          keys.get(part),
          StepPart.pack(
              list(span, "part.prefill").get(part) == 1,
              list(span, "part.again").get(part) == 1,
              list(span, "part.rows").get(part).intValue(),
              list(span, "part.position").get(part).intValue(),
              list(span, "part.blocks").get(part).intValue()));
    }
    List<Long> waited = list(span, "part.waited_ns");
    for (int part = 0; part < keys.size(); part++) {
      if (waited.get(part) >= 0) {
        buffer.admitted(keys.get(part), sent - waited.get(part));
      }
    }
    List<Long> victims = list(span, "preempted.victim");
    for (int i = 0; i < victims.size(); i++) {
      buffer.preempted(victims.get(i), list(span, "preempted.beneficiary").get(i));
    }
    buffer.end();
    return buffer.take();
  }

  private static long number(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.longKey(name));
  }

  private static List<Long> list(SpanData span, String name) {
    List<Long> list = span.getAttributes().get(AttributeKey.longArrayKey(name));
    return list == null ? List.of() : list;
  }
}
