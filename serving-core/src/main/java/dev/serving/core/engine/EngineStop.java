package dev.serving.core.engine;

/** Leaves the engine's loop from wherever it is, also from the middle of a step. */
final class EngineStop extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final EngineEnd end;

  /** Ends the engine; {@code reason} is told to the requests that are open. */
  EngineStop(EngineEnd end, String reason) {
    super(reason, null, false, false);
    this.end = end;
  }

  EngineEnd end() {
    return end;
  }
}
