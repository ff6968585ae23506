package dev.serving.core.frontend.engines;

import dev.serving.core.message.EngineMessage.Generate;
import java.util.List;

/**
 * What one HTTP request asks of an engine.
 *
 * @param generates one for each choice, at least one
 * @param listener hears what comes of them
 * @param deadlineNanos when it has taken too long, by {@link System#nanoTime}
 */
public record Submission(List<Generate> generates, OutputListener listener, long deadlineNanos) {
  /** Refuses one without a sequence. */
  public Submission {
    generates = List.copyOf(generates);
    if (generates.isEmpty()) {
      throw new IllegalArgumentException("a submission needs at least one sequence");
    }
  }

  int[] prompt() {
    return generates.get(0).prompt();
  }
}
