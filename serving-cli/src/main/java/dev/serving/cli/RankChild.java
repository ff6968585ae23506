package dev.serving.cli;

import dev.serving.core.engine.RankProcess;
import dev.serving.core.worker.RankPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** A rank's process, as the engine that started it sees it. */
final class RankChild implements RankProcess {
  /** What a rank's process is asked to run. */
  static final String COMMAND = "rank";

  private final ChildProcess process;

  private RankChild(ChildProcess process) {
    this.process = process;
  }

  static RankProcess start(EngineSettings engine, RankPlace place) {
    RankSettings settings =
        new RankSettings(
            engine.dpRank(),
            place,
            engine.engine().worker(),
            engine.trace(),
            Journals.ofRank(engine.journal(), place.rank()),
            engine.run());
    try {
      String name = "rank-" + place.rank();
      ChildProcess process = ChildProcess.start(name, COMMAND, engine.jvmOptions());
      process.tell(settings);
      return new RankChild(process);
    } catch (IOException e) {
      throw new UncheckedIOException("rank " + place.rank() + " cannot be started", e);
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void destroy() {
    process.kill();
  }

  @Override
  public void onExit(Runnable action) {
    CompletableFuture<Void> unused = process.onExit().thenRun(action);
  }
}
