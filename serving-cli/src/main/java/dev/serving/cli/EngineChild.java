package dev.serving.cli;

import dev.serving.core.frontend.engines.EngineLauncher;
import java.util.concurrent.CompletionStage;

/** An engine's process, as the frontend that started it sees it. */
final class EngineChild implements EngineLauncher.EngineHandle {
  /** What an engine's process is asked to run. */
  static final String COMMAND = "engine";

  private final ChildProcess process;

  EngineChild(ChildProcess process) {
    this.process = process;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public CompletionStage<Integer> onExit() {
    return process.onExit();
  }

  @Override
  public void destroy() {
    process.kill();
  }
}
