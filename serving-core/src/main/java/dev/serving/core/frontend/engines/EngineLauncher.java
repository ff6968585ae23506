package dev.serving.core.frontend.engines;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** Starts engine processes. Called by the frontend's link thread; may take some milliseconds. */
@FunctionalInterface
public interface EngineLauncher {
  /**
   * Starts an engine that connects to the frontend and says {@link
   * dev.serving.core.message.FrontendMessage.EngineReady} when it can serve.
   *
   * @param dpRank its data-parallel rank, from 0
   * @param frontendAddress where it connects, {@code tcp://127.0.0.1:port}
   * @param identity the ZeroMQ identity it must use; a secret, never to be put on a command line
   * @throws IOException when no process can be started
   */
  EngineHandle start(int dpRank, String frontendAddress, String identity) throws IOException;

  /** A started engine. Safe from any thread. */
  interface EngineHandle {
    /** Its process id. */
    long pid();

    /** Whether it has not ended yet. */
    boolean isAlive();

    /** Completes with the exit code when it has ended. */
    CompletionStage<Integer> onExit();

    /** Ends it at once. */
    void destroy();
  }
}
