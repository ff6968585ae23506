package dev.serving.core.engine;

import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.InferenceReport;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.RankMessage.Phase;
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
  private final Map<String, Times> requests = new HashMap<>();
  private final List<StepReport> steps = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>();
  private final List<InferenceReport> inferences = new ArrayList<>();

  @Override
  public void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {
    requests.computeIfAbsent(rid, id -> new Times(System.nanoTime()));
  }

  /** Whoever was preempted waits a second time, which is not queue time. */
  @Override
  public void dispatched(String rid) {
    Times times = requests.get(rid);
    if (times.ran == 0) {
      times.ran = System.nanoTime();
      waits.add(times.ran - times.arrived);
    }
  }

  @Override
  public void firstToken(String rid) {
    Times times = requests.get(rid);
    times.firstToken = System.nanoTime();
    times.lastToken = times.firstToken;
  }

  @Override
  public void token(String rid) {
    requests.get(rid).lastToken = System.nanoTime();
  }

  @Override
  public void paused(String rid) {
    requests.get(rid).pausedAt = System.nanoTime();
  }

  /** What a client took itself is neither queue time nor inference: its clock stood still. */
  @Override
  public void resumed(String rid) {
    Times times = requests.get(rid);
    times.stoodStill(System.nanoTime() - times.pausedAt);
  }

  @Override
  public void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
    Times times = requests.remove(rid);
    if (times != null && times.firstToken != 0) {
      long prefill = times.firstToken - times.ran;
      inferences.add(new InferenceReport(prefill, times.lastToken - times.firstToken));
    }
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
    int most = Math.max(steps.size(), Math.max(waits.size(), inferences.size()));
    return most >= EngineReport.MOST_VALUES / 2;
  }

  /** All since the last report. */
  EngineReport take(Map<String, ProcessReport> processes, long ignored) {
    EngineReport report = new EngineReport(steps, waits, inferences, processes, ignored);
    steps.clear();
    waits.clear();
    inferences.clear();
    return report;
  }

  /** When what happened to a request, by {@link System#nanoTime}; 0 is not yet. */
  private static final class Times {
    private long arrived;
    private long ran;
    private long firstToken;
    private long lastToken;
    private long pausedAt;

    Times(long arrived) {
      this.arrived = arrived;
    }

    void stoodStill(long nanos) {
      arrived += nanos;
      ran += ran == 0 ? 0 : nanos;
      firstToken += firstToken == 0 ? 0 : nanos;
      lastToken += lastToken == 0 ? 0 : nanos;
    }
  }
}
