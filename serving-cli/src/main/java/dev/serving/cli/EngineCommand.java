package dev.serving.cli;

import dev.serving.core.engine.Engine;
import dev.serving.core.engine.EngineEnd;
import dev.serving.core.engine.EngineOptions;
import dev.serving.core.engine.EngineTrace;
import dev.serving.core.worker.RankLauncher;
import dev.serving.core.worker.RankTrace;
import dev.serving.trace.Tracing;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.zeromq.ZContext;
import picocli.CommandLine.Command;

/** An engine's process, started by the frontend. */
@Command(name = "engine", hidden = true, description = "An engine; started by 'serving serve'.")
final class EngineCommand implements Callable<Integer> {
  /** Longer than a frontend drains: a signal to the whole group must not end engines before it. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Override
  public Integer call() throws Exception {
    EngineSettings settings = ChildSettings.read(System.in, EngineSettings.class);
    EngineEnd end = Shutdown.outlasting(PATIENCE, () -> run(settings));
    return end == EngineEnd.SHUTDOWN ? 0 : 1;
  }

  private static EngineEnd run(EngineSettings settings) {
    try (ZContext context = new ZContext();
        Tracing tracing = ChildTracing.start(settings.trace(), settings.journal(), System.in)) {
      EngineEnd end = Engine.run(options(settings, context, tracing));
      Journals.recoverRanks(tracing, settings.journal());
      return end;
    }
  }

  private static EngineOptions options(EngineSettings settings, ZContext context, Tracing tracing) {
    RankLauncher launcher = place -> RankChild.start(settings, place);
    if (!tracing.enabled()) {
      return EngineOptions.of(
          settings.engine(), context, settings.frontend(), settings.identity(), launcher);
    }
    EngineTrace engine = new EngineTrace(tracing, settings.dpRank());
    RankTrace rank = new RankTrace(tracing, 0, settings.dpRank());
    return new EngineOptions(
        settings.engine(),
        context,
        settings.frontend(),
        settings.identity(),
        launcher,
        engine,
        engine::carrier,
        rank,
        rank::carrier);
  }
}
