package dev.serving.core.frontend.api;

import java.util.List;
import java.util.Map;

/**
 * A validated request for text.
 *
 * @param endpoint how it came
 * @param model the model's name as the client gave it, else the served one
 * @param prompts at least one; a chat has exactly one
 * @param n choices for each prompt
 * @param stream whether the answer is a stream of events
 * @param includeUsage whether the stream ends with the usage
 * @param timings whether the answer ends with what its time went to
 * @param echo whether each text begins with its prompt
 * @param stop strings that end the text
 * @param includeStop whether the text keeps the stop string or token that ended it
 * @param keepSpecial whether special tokens appear in the text by their names
 * @param truncatePrompt how many tokens of the prompt's end count: -1 as many as fit, 0 all
 * @param promptLogprobs how many alternatives of each prompt token the answer tells, or -1
 * @param sampling how tokens are chosen
 * @param priority smaller runs first
 * @param user who asks, by the client's own account, or null
 * @param metadata the client's own notes
 */
public record GenerateRequest(
    Endpoint endpoint,
    String model,
    List<Prompt> prompts,
    int n,
    boolean stream,
    boolean includeUsage,
    boolean timings,
    boolean echo,
    List<String> stop,
    boolean includeStop,
    boolean keepSpecial,
    int truncatePrompt,
    int promptLogprobs,
    Sampling sampling,
    int priority,
    String user,
    Map<String, String> metadata) {
  /** Copies the collections. */
  public GenerateRequest {
    prompts = List.copyOf(prompts);
    stop = List.copyOf(stop);
    metadata = Map.copyOf(metadata);
  }

  /** Whether the echo of the prompt comes with its tokens' log-probabilities. */
  public boolean scoresEcho() {
    return echo && sampling.topLogprobs() >= 0;
  }

  /** Choices over all prompts. */
  public int choices() {
    return prompts.size() * n;
  }
}
