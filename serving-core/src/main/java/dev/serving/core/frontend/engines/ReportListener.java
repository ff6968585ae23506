package dev.serving.core.frontend.engines;

import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.FrontendMessage.StepsDone;

/**
 * Hears what engines report of themselves. Called by the link thread, which it must not hold up.
 */
@FunctionalInterface
public interface ReportListener {
  /** The engine of this data-parallel rank reported how it does. */
  void reported(int dpRank, EngineReport report);

  /** The engine told what its last steps were. */
  default void stepsDone(int dpRank, StepsDone steps) {}

  /** The engine has ended, and is to be heard of no more until it is started anew. */
  default void ended(int dpRank) {}
}
