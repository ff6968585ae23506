package dev.serving.core.engine;

import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.StepReport;
import dev.serving.trace.TraceCarrier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What metrics are made of, between two reports to the frontend. Single values, so that whoever
 * makes histograms of them chooses the buckets. Owned by the scheduler's thread.
 */
final class Figures implements EngineListener {
  /** In place of the arrival of a request whose wait is over. */
  private static final Long RAN = Long.MIN_VALUE;

  private final Map<String, Long> arrivals = new HashMap<>();
  private final List<StepReport> steps = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>();

  @Override
  public void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {
    arrivals.putIfAbsent(rid, System.nanoTime());
  }

  /** Whoever was preempted waits a second time, which is not queue time. */
  @Override
  public void dispatched(String rid) {
    Long arrived = arrivals.put(rid, RAN);
    if (!RAN.equals(arrived)) {
      waits.add(System.nanoTime() - arrived);
    }
  }

  @Override
  public void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
    arrivals.remove(rid);
  }

  @Override
  public void step(StepRecord step) {
    steps.add(
        new StepReport(
            step.sequences(),
            step.rows(Phase.PREFILL),
            step.rows(Phase.DECODE),
            step.durationNs()));
  }

  /** Whether the next step might be more than a report holds. */
  boolean full() {
    return Math.max(steps.size(), waits.size()) >= EngineReport.MOST_VALUES / 2;
  }

  /** All since the last report. */
  EngineReport take(Map<String, SpanCounts> spans, long ignored) {
    EngineReport report = new EngineReport(steps, waits, spans, ignored);
    steps.clear();
    waits.clear();
    return report;
  }
}
