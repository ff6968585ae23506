package dev.serving.core.engine;

import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Release.Cause;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.trace.TraceCarrier;
import java.util.List;

/** What a scheduler says of a sequence, to the frontend and to the ranks. */
final class Answers {
  private Answers() {}

  /**
   * What the frontend hears.
   *
   * @param token the new token, or null when there is none
   * @param finish why the sequence ends, or null when it goes on
   * @param error words for the client when it failed, else null
   */
  static Output output(Sequence sequence, Sampled token, FinishReason finish, String error) {
    TokenLogprobs logprobs = token == null ? null : token.logprobs();
    return new Output(
        sequence.rid,
        token == null ? List.of() : List.of(token.token()),
        logprobs == null ? List.of() : List.of(logprobs),
        sequence.cachedTokens(),
        finish,
        error,
        finish == null ? TraceCarrier.none() : sequence.carrier(),
        List.of(),
        System.nanoTime());
  }

  /** What the frontend hears of the likelihood of the prompt's next tokens. */
  static Output scored(Sequence sequence, List<TokenLogprobs> logprobs) {
    return new Output(
        sequence.rid,
        List.of(),
        List.of(),
        sequence.cachedTokens(),
        null,
        null,
        TraceCarrier.none(),
        logprobs,
        System.nanoTime());
  }

  /** What the ranks hear of a sequence that ends. */
  static Release release(Sequence sequence, FinishReason finish, String error) {
    if (finish == FinishReason.STOP || finish == FinishReason.LENGTH) {
      return new Release(sequence.rid, Cause.FINISHED, null);
    }
    String detail = error == null ? "aborted by the client" : error;
    return new Release(sequence.rid, Cause.ABORTED, detail);
  }
}
