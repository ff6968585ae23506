package dev.serving.core.config;

import java.util.Objects;

/**
 * What runs behind a frontend, as it tells its operators.
 *
 * @param version of this program
 * @param engine what each engine runs
 */
public record Deployment(String version, EngineConfig engine) {
  /** Refuses missing parts. */
  public Deployment {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(engine, "engine");
  }
}
