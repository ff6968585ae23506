package dev.serving.cli;

import dev.serving.core.worker.RankListener;
import dev.serving.core.worker.RankTrace;
import dev.serving.core.worker.Worker;
import dev.serving.core.worker.WorkerOptions;
import dev.serving.trace.Tracing;
import java.util.concurrent.Callable;
import org.zeromq.ZContext;
import picocli.CommandLine.Command;

/** A further rank's process, started by its engine. */
@Command(name = "rank", hidden = true, description = "A worker rank; started by its engine.")
final class RankCommand implements Callable<Integer> {
  @Override
  public Integer call() throws Exception {
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
