package dev.serving.core.engine;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.Constraints;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.model.ModelConfig;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one sequence may be, given by model and memory.
 *
 * @param maxLength most tokens, prompt and output
 * @param vocabularySize token ids are below it
 * @param stopTokens the model's own end-of-sequence tokens
 */
record Limits(int maxLength, int vocabularySize, Set<Integer> stopTokens) {
  Limits {
    if (maxLength < 2) {
      throw new IllegalArgumentException(
          "there is room for " + maxLength + " tokens of a sequence; at least 2 are needed");
    }
    stopTokens = Set.copyOf(stopTokens);
  }

  /**
   * How long a sequence may be by configuration and model.
   *
   * @throws IllegalArgumentException when more is configured than the model was made for
   */
  static int length(SchedulerConfig config, ModelConfig model) {
    if (config.maxModelLength() > model.maxPositions()) {
      throw new IllegalArgumentException(
          "--max-model-len %d is more than the model's %d positions"
              .formatted(config.maxModelLength(), model.maxPositions()));
    }
    return config.maxModelLength() == 0 ? model.maxPositions() : config.maxModelLength();
  }

  /** Why a request can never be served, in words for the client, or null when it can. */
  String refusal(Generate request) {
    int prompt = request.prompt().length;
    int least = Math.min(1, request.sampling().maxTokens());
    int output = Math.max(least, request.sampling().minTokens());
    if ((long) prompt + output > maxLength) {
      return "the request needs room for "
          + ((long) prompt + output)
          + " tokens (prompt "
          + prompt
          + ", output at least "
          + output
          + "); there is room for "
          + maxLength;
    }
    for (int token : request.prompt()) {
      if (token < 0 || token >= vocabularySize) {
        return "prompt: " + unknown(token);
      }
    }
    String bias = unknown("logit_bias", request.sampling().logitBias().keySet().stream());
    return bias == null ? unknown("allowed_token_ids", constrained(request)) : bias;
  }

  private static Stream<Integer> constrained(Generate request) {
    Constraints constraints = request.sampling().constraints();
    return Stream.of(
            List.of(List.copyOf(constraints.allowed())),
            constraints.banned(),
            constraints.choices())
        .flatMap(List::stream)
        .flatMap(List::stream);
  }

  private String unknown(String parameter, Stream<Integer> tokens) {
    return tokens
        .filter(token -> token < 0 || token >= vocabularySize)
        .findFirst()
        .map(token -> parameter + ": " + unknown(token))
        .orElse(null);
  }

  private String unknown(int token) {
    return "token " + token + " is not in the vocabulary of " + vocabularySize;
  }

  /** Why a sequence ends with the token that it got last, or null when it goes on. */
  FinishReason ending(Sequence sequence, int token) {
    if (sequence.outputLength() >= sequence.sampling.minTokens() && stops(sequence, token)) {
      return FinishReason.STOP;
    }
    boolean full =
        sequence.outputLength() >= sequence.sampling.maxTokens() || sequence.length() >= maxLength;
    return full ? FinishReason.LENGTH : null;
  }

  private boolean stops(Sequence sequence, int token) {
    return sequence.sampling.stopTokens().contains(token)
        || (!sequence.sampling.ignoreEos() && stopTokens.contains(token));
  }
}
