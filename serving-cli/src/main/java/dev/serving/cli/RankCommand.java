package dev.serving.cli;

import dev.serving.core.worker.RankListener;
import dev.serving.core.worker.RankTrace;
import dev.serving.core.worker.Worker;
import dev.serving.core.worker.WorkerOptions;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.Tracing;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.zeromq.ZContext;
import picocli.CommandLine.Command;

/** A further rank's process, started by its engine. */
@Command(name = "rank", hidden = true, description = "A worker rank; started by its engine.")
final class RankCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Override
  public Integer call() throws Exception {
    RankSettings settings = ChildSettings.read(System.in, RankSettings.class);
    return Shutdown.outlasting(PATIENCE, () -> run(settings));
  }

  private static int run(RankSettings settings) {
    try (ZContext context = new ZContext();
        Tracing tracing = ChildTracing.start(settings.trace(), settings.journal(), System.in)) {
      Thread.currentThread().setName("worker");
      Worker.run(options(settings, context, tracing));
    }
    return 0;
  }

  private static WorkerOptions options(RankSettings settings, ZContext context, Tracing tracing) {
    RankListener listener = RankListener.NONE;
    Function<String, TraceCarrier> carriers = rid -> TraceCarrier.none();
    if (tracing.enabled()) {
      RankTrace trace = new RankTrace(tracing, settings.place().rank(), settings.dpRank());
      listener = trace;
      carriers = trace::carrier;
    }
    return new WorkerOptions(settings.worker(), context, settings.place(), listener, carriers);
  }
}
