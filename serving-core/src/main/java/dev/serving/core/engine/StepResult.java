package dev.serving.core.engine;

import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.SchedulerMessage.Scored;
import dev.serving.core.message.SchedulerMessage.StepDone;
import java.util.List;

/**
 * What the ranks made of a step. Times are {@link System#nanoTime} of the engine's process.
 *
 * @param sentNs when the first rank was sent it
 * @param answeredNs when the last rank had answered
 * @param answers what each rank said, rank 0 first
 */
public record StepResult(long sentNs, long answeredNs, List<StepDone> answers) {
  /** Copies the list. */
  public StepResult {
    answers = List.copyOf(answers);
  }

  /** A token for each chunk that samples, in the step's order. */
  public List<Sampled> tokens() {
    return answers.get(0).sampled();
  }

  /** How likely tokens of prompts were, for each chunk that wants to know, in the step's order. */
  public List<Scored> scored() {
    return answers.get(0).scored();
  }
}
