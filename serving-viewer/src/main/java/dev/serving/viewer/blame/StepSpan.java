package dev.serving.viewer.blame;

import dev.serving.blame.KeptSteps;
import dev.serving.blame.StepBuffer;
import dev.serving.blame.StepPart;
import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.StoredSpan;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A {@code BATCH_STEP} span, read as the note that its engine made of the step. */
final class StepSpan {
  static final String NAME = "BATCH_STEP";

  private static final List<String> DELAYS = List.of("", "budget", "blocks", "sequences");

  /** More than any step has: whoever says more is no engine. */
  private static final int MOST = 4000;

  private final StoredSpan span;
  private final long sentNs;
  private final long plannedNs;
  private final List<Long> keys;

  private StepSpan(StoredSpan span, long sentNs) {
    this.span = span;
    this.sentNs = sentNs;
    plannedNs = sentNs - number("plan_ns");
    keys = list("part.key");
  }

  /**
   * Hands a step to those that are kept, and the traces of whoever was in it; unless it is none.
   */
  static void add(StoredSpan span, KeptSteps kept, Map<Long, String> traces) {
    OptionalLong sent = Numbers.one(span, "nano_time");
    if (sent.isPresent() && span.name().equals(NAME)) {
      StepSpan step = new StepSpan(span, sent.getAsLong());
      if (step.isWhole()) {
        kept.add(step.note(), step.beforeNs());
        step.names(traces);
      }
    }
  }

  private boolean isWhole() {
    int ranks = list("rank.busy_ns").size();
    return ranks > 0
        && ranks < MOST
        && keys.size() < MOST
        && areAs(ranks, "rank.waited_ns", "rank.paused_ns")
        && areAs(keys.size(), "part.prefill", "part.again", "part.rows")
        && areAs(keys.size(), "part.position", "part.blocks", "part.waited_ns")
        && areAs(list("preempted.victim").size(), "preempted.beneficiary");
  }

  private boolean areAs(int many, String... lists) {
    return List.of(lists).stream().allMatch(name -> list(name).size() == many);
  }

  private long beforeNs() {
    OptionalLong since = Numbers.one(span, "since_step_ns");
    return since.isPresent() ? plannedNs - since.getAsLong() : KeptSteps.NO_STEP;
  }

  private byte[] note() {
    StepBuffer buffer = new StepBuffer();
    long answered = sentNs + span.durationNanos();
    buffer.begin(number("step"), plannedNs, sentNs, answered, answered + number("complete_ns"));
    int delay = Math.max(0, DELAYS.indexOf(span.text("delay")));
    buffer.queue(delay, small(number("waiting")), number("paused_ns"));
    ranks(buffer);
    parts(buffer);
    List<Long> victims = list("preempted.victim");
    for (int i = 0; i < victims.size(); i++) {
      buffer.preempted(victims.get(i), list("preempted.beneficiary").get(i));
    }
    buffer.end();
    return buffer.take();
  }

  private void ranks(StepBuffer buffer) {
    List<Long> busy = list("rank.busy_ns");
    List<Long> waited = list("rank.waited_ns");
    List<Long> paused = list("rank.paused_ns");
    for (int rank = 0; rank < busy.size(); rank++) {
      buffer.rank(busy.get(rank), waited.get(rank), paused.get(rank));
    }
  }

  private void parts(StepBuffer buffer) {
    List<Long> prefill = list("part.prefill");
    List<Long> again = list("part.again");
    List<Long> rows = list("part.rows");
    List<Long> position = list("part.position");
    List<Long> blocks = list("part.blocks");
    for (int part = 0; part < keys.size(); part++) {
      buffer.part(
          keys.get(part),
          StepPart.pack(
              prefill.get(part) == 1,
              again.get(part) == 1,
              small(rows.get(part)),
              small(position.get(part)),
              small(blocks.get(part))));
    }
    List<Long> waited = list("part.waited_ns");
    for (int part = 0; part < keys.size(); part++) {
      if (waited.get(part) >= 0) {
        buffer.admitted(keys.get(part), sentNs - waited.get(part));
      }
    }
  }

  /** Links name the traces of those parts whose requests are traced as closely. */
  private void names(Map<Long, String> traces) {
    for (SpanLink link : span.links()) {
      if (link.attributes().get("part") instanceof Long part && part >= 0 && part < keys.size()) {
        traces.put(keys.get(part.intValue()), link.traceId());
      }
    }
  }

  private static int small(long number) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE >> 2, number));
  }

  private long number(String key) {
    return Numbers.one(span, key, 0);
  }

  private List<Long> list(String key) {
    return Numbers.all(span, key);
  }
}
