package dev.serving.core.frontend;

import dev.serving.core.frontend.engines.EngineLauncher;
import java.util.concurrent.CompletableFuture;

/** The handle of an engine that the test itself plays, in this process. */
abstract class PlayedEngine implements EngineLauncher.EngineHandle {
  final CompletableFuture<Integer> exit = new CompletableFuture<>();

  @Override
  public final long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  public final boolean isAlive() {
    return !exit.isDone();
  }

  @Override
  public final CompletableFuture<Integer> onExit() {
    return exit;
  }
}
