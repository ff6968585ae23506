package dev.serving.cli;

import dev.serving.core.engine.Engine;
import dev.serving.core.engine.EngineEnd;
import dev.serving.core.engine.EngineLifecycle;
import dev.serving.core.engine.EngineListener;
import dev.serving.core.engine.EngineOptions;
import dev.serving.core.engine.EngineTrace;
import dev.serving.core.engine.RankLauncher;
import dev.serving.core.lifecycle.LifecycleLog;
import dev.serving.core.worker.RankTrace;
import dev.serving.trace.Tracing;
import org.zeromq.ZContext;

/** An engine's process, started by the frontend. */
final class EngineCommand {
  private EngineCommand() {}

  /** Runs until its parent ends it or is gone; returns the exit code. */
  static int run() throws Exception {
    EngineEnd end = ChildWork.forParent(EngineSettings.class, EngineCommand::run);
    return end == EngineEnd.SHUTDOWN ? 0 : 1;
  }

  private static EngineEnd run(EngineSettings settings, ZContext context, Tracing tracing) {
    EngineEnd end = Engine.run(options(settings, context, tracing));
    Journals.recoverRanks(tracing, settings.journal());
    return end;
  }

  private static EngineOptions options(EngineSettings settings, ZContext context, Tracing tracing) {
    RankLauncher launcher = place -> RankChild.start(settings, place);
    EngineListener log = new EngineLifecycle(new LifecycleLog(settings.lifecycle()));
    return new EngineOptions(
        settings.engine(),
        context,
        settings.frontend(),
        settings.identity(),
        launcher,
        EngineListener.all(EngineTrace.listener(tracing, settings.dpRank()), log),
        RankTrace.listener(tracing, 0, settings.dpRank()),
        settings.run());
  }
}
