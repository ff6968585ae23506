package dev.serving.core.engine;

/** Why an engine came to its end. */
public enum EngineEnd {
  /** The frontend asked for it. */
  SHUTDOWN,
  /** The frontend has fallen silent. */
  FRONTEND_LOST,
  /** The model could not be loaded, or a rank was lost; the frontend has been told. */
  FAILED
}
