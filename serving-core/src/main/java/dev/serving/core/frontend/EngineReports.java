package dev.serving.core.frontend;

import dev.serving.blame.Accountant;
import dev.serving.core.frontend.engines.ReportListener;
import dev.serving.core.frontend.metrics.EngineMeters;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.FrontendMessage.StepsDone;

/** Hands what engines report of themselves to metrics and to the accounts of requests. */
record EngineReports(EngineMeters meters, Accountant accountant) implements ReportListener {
  @Override
  public void reported(int dpRank, EngineReport report) {
    meters.reported(dpRank, report);
  }

  @Override
  public void stepsDone(int dpRank, StepsDone steps) {
    accountant.noted(dpRank, steps.steps(), steps.completeNs());
  }

  @Override
  public void ended(int dpRank) {
    accountant.lost(dpRank);
  }
}
