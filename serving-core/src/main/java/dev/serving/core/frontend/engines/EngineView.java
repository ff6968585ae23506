package dev.serving.core.frontend.engines;

import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineStatus;

/**
 * How one engine does, as the frontend sees it.
 *
 * @param dpRank its data-parallel rank
 * @param phase whether it serves
 * @param reason why it does not serve, or ""
 * @param ready what it said when it became ready, or null while it is not
 * @param status what it said last, or null before
 * @param open requests it has not ended yet
 * @param restarts how often it was started again
 */
public record EngineView(
    int dpRank,
    Phase phase,
    String reason,
    EngineReady ready,
    EngineStatus status,
    int open,
    long restarts) {
  /** Whether an engine serves. */
  public enum Phase {
    STARTING,
    READY,
    DOWN
  }

  /** Whether it takes requests now. */
  public boolean serves() {
    return phase == Phase.READY;
  }
}
