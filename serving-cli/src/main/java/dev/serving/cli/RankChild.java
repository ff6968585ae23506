package dev.serving.cli;

import dev.serving.core.engine.RankProcess;
import dev.serving.core.worker.RankPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** A rank's process, as the engine that started it sees it. */
final class RankChild implements RankProcess {
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
      return new RankChild(
          ChildProcess.start("rank-" + place.rank(), "rank", settings, engine.jvmOptions()));
    } catch (IOException e) {
      throw new UncheckedIOException("rank " + place.rank() + " cannot be started", e);
    }
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
