package dev.serving.core.frontend.engines;

import dev.serving.core.message.FrontendMessage.EngineReport;

/**
 * Hears what engines report of themselves. Called by the link thread, which it must not hold up.
 */
@FunctionalInterface
public interface ReportListener {
  /** The engine of this data-parallel rank reported how it does. */
  void reported(int dpRank, EngineReport report);
}
