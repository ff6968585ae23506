package dev.serving.core.engine;

import dev.serving.core.message.SchedulerMessage.Sampled;
import java.util.List;

/**
 * What the ranks made of a step.
 *
 * @param tokens a token for each chunk that samples, in the step's order
 * @param durationNs from handing the step to the ranks to the last one's answer, in nanoseconds
 */
public record StepResult(List<Sampled> tokens, long durationNs) {
  /** Copies the list. */
  public StepResult {
    tokens = List.copyOf(tokens);
  }
}
