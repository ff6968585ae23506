package dev.serving.core.config;

/** How the borders between a request's stages are logged. */
public enum LifecycleFormat {
  /** Not at all. */
  OFF,
  /** As {@code name="value"} pairs. */
  TEXT,
  /** As one JSON object a line. */
  JSON
}
