package dev.serving.core.engine;

import dev.serving.core.worker.RankPlace;
import dev.serving.core.worker.Worker;

/** Starts the processes of an engine's ranks from 1 on; each runs {@link Worker#run}. */
@FunctionalInterface
public interface RankLauncher {
  /** For engines of one rank. */
  RankLauncher NONE =
      place -> {
        throw new IllegalStateException("nobody can start rank " + place.rank());
      };

  /**
   * Starts a rank and returns at once.
   *
   * @param place what the rank must know
   * @throws java.io.UncheckedIOException when it cannot be started
   */
  RankProcess start(RankPlace place);
}
