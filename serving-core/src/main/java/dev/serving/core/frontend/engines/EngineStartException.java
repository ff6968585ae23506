package dev.serving.core.frontend.engines;

/**
 * An engine failed the same way twice in a row and has never served: a setting or the machine is at
 * fault, and starting it again would not help. The message says how it failed.
 */
public final class EngineStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineStartException(String reason) {
    super(reason);
  }
}
