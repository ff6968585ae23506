package dev.serving.core.engine;

import dev.serving.core.engine.Batch.Part;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What metrics are made of, between two reports to the frontend. Single values, so that whoever
 * makes histograms of them chooses the buckets. Owned by the scheduler's thread.
 */
final class Figures {
  private final List<StepReport> steps = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>();

  /** The ranks have been sent a batch: nobody who is new in it waits any more. */
  void dispatched(Batch batch) {
    long now = System.nanoTime();
    for (Part part : batch.parts()) {
      long waited = part.admitted() ? part.sequence().takeWait(now) : -1;
      if (waited >= 0) {
        waits.add(waited);
      }
    }
  }

  void step(Batch batch, StepResult result) {
    steps.add(
        new StepReport(
            batch.parts().size(),
            batch.rows(Phase.PREFILL),
            batch.rows(Phase.DECODE),
            result.durationNs()));
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
