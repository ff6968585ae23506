package dev.serving.cli;

import dev.serving.core.worker.RankListener;
import dev.serving.core.worker.RankTrace;
import dev.serving.core.worker.Worker;
import dev.serving.core.worker.WorkerOptions;
import dev.serving.trace.Tracing;
import org.zeromq.ZContext;

/** A further rank's process, started by its engine. */
final class RankCommand {
  private RankCommand() {}

  /** Runs until its engine ends it or is gone; returns the exit code. */
  static int run() throws Exception {
    return ChildWork.forParent(RankSettings.class, RankCommand::run);
  }

  private static int run(RankSettings settings, ZContext context, Tracing tracing) {
    Thread.currentThread().setName("worker");
    Worker.run(options(settings, context, tracing));
    return 0;
  }

  private static WorkerOptions options(RankSettings settings, ZContext context, Tracing tracing) {
    RankListener listener = RankTrace.listener(tracing, settings.place().rank(), settings.dpRank());
    return new WorkerOptions(settings.worker(), context, settings.place(), listener);
  }
}
