package dev.serving.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.LifecycleFormat;
import dev.serving.core.lifecycle.LifecycleLog;
import dev.serving.core.lifecycle.LoggedLines;
import dev.serving.core.message.FinishReason;
import dev.serving.trace.TraceCarrier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine logs of a request, from its arrival until it is let go of. */
class EngineLifecycleTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final TraceCarrier CARRIER =
      TraceCarrier.fromMap(Map.of("root", "00-" + TRACE + "-b7ad6b7169203331-01"));

  private final EngineListener log =
      EngineListener.all(
          EngineListener.NONE, new EngineLifecycle(new LifecycleLog(LifecycleFormat.TEXT)));

  @Test
  void aRequestThatRunsThrough() {
    try (LoggedLines logged = new LoggedLines()) {
      log.queued("a", CARRIER, 20, 3);
      log.delayed("a", EngineListener.Delay.BUDGET);
      log.scheduled("a", 7, 2, 1, 16);
      log.dispatched("a");
      log.chunk("a", 4);
      log.firstToken("a");
      log.token("a");
      log.token("a");
      log.finished("a", FinishReason.LENGTH, 20, 3, null);

      assertThat(logged.events("a"))
          .containsExactly(
              "REQUEST_SCHEDULE_START",
              "REQUEST_QUEUE_START",
              "REQUEST_QUEUE_END",
              "CACHE_HIT",
              "REQUEST_SCHEDULE_END",
              "INFERENCE_START",
              "FIRST_TOKEN_GENERATED",
              "DECODE_START",
              "INFERENCE_END");
      assertThat(logged.lines()).allMatch(line -> line.contains("trace_id=\"" + TRACE + "\""));
      assertThat(logged.lines().get(1)).contains("stage=\"SCHEDULE\"").endsWith("queue_length=3");
      assertThat(logged.lines().get(2)).endsWith("step=7 batch_size=2");
      assertThat(logged.lines().get(3)).endsWith("cached_tokens=16");
      assertThat(logged.lines().get(8)).endsWith("finish_reason=\"length\" output_tokens=3");
    }
  }

  @Test
  void aPreemptedRequestGoesRoundAgain() {
    try (LoggedLines logged = new LoggedLines()) {
      log.queued("a", TraceCarrier.none(), 20, 0);
      log.scheduled("a", 1, 1, 0, 0);
      log.dispatched("a");
      log.firstToken("a");
      log.preempted("a", "out of KV blocks");
      log.queued("a", TraceCarrier.none(), 21, 0);
      log.scheduled("a", 3, 1, 0, 16);
      log.dispatched("a");
      log.token("a");
      log.finished("a", FinishReason.ERROR, 20, 2, "rank 1 ended");

      List<String> events = logged.events("a");
      assertThat(events.subList(6, events.size()))
          .containsExactly(
              "FIRST_TOKEN_GENERATED",
              "PREEMPTED",
              "REQUEST_QUEUE_START",
              "REQUEST_QUEUE_END",
              "CACHE_HIT",
              "RESCHEDULED_INFERENCE_START",
              "DECODE_START",
              "INFERENCE_END");
      assertThat(logged.lines()).allMatch(line -> line.contains("trace_id=\"unknown\""));
      assertThat(logged.lines().get(13)).contains("error=\"rank 1 ended\"");
    }
  }

  @Test
  void aRequestThatIsRefusedAtOnceIsTheFrontendsToTell() {
    try (LoggedLines logged = new LoggedLines()) {
      log.finished("a", FinishReason.REFUSED, 20, 0, "too long");
      assertThat(logged.lines()).isEmpty();
    }
  }
}
