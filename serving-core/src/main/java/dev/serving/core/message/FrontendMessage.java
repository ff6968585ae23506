package dev.serving.core.message;

import dev.serving.trace.TraceCarrier;
import java.util.List;
import java.util.Objects;

/** What the frontend hears from an engine. */
public sealed interface FrontendMessage extends Message {

  /**
   * Tokens of a request, in order, and whether they are the last. The output with a {@code finish}
   * is the last one of its request; there is exactly one such output for each {@code Generate}.
   *
   * @param rid the request's id
   * @param tokens new tokens; may be empty in the last output; with {@code finish} STOP the last of
   *     them is the stop token, which counts but is no text
   * @param logprobs one entry a token when they were asked for, else empty
   * @param cachedTokens prompt tokens that came from the prefix cache
   * @param finish why the request ended, or null while it goes on
   * @param error what went wrong, in words for the client, when {@code finish} is ERROR or REFUSED;
   *     else null
   * @param carrier the trace context after the rank's last slice in the last output; none in others
   */
  record Output(
      String rid,
      List<Integer> tokens,
      List<TokenLogprobs> logprobs,
      int cachedTokens,
      FinishReason finish,
      String error,
      TraceCarrier carrier)
      implements FrontendMessage {
    /** Refuses a missing id and an error without words. */
    public Output {
      Ids.require(rid);
      tokens = List.copyOf(tokens);
      logprobs = List.copyOf(logprobs);
      if (finish != null && finish.failed() && error == null) {
        throw new IllegalArgumentException("finish " + finish + " needs an error text");
      }
      Objects.requireNonNull(carrier, "carrier");
    }
  }

  /**
   * An engine can serve: weights are loaded, ranks joined, kernels warm.
   *
   * @param pids the engine's process id, then those of its further ranks
   * @param maxModelLength most tokens (prompt and output) that one sequence may have
   * @param kvBlocks KV blocks there are
   * @param blockSize tokens in a KV block
   * @param weightBytes bytes of weights over all ranks
   * @param loadMillis time from the start of loading to here
   */
  record EngineReady(
      List<Long> pids,
      int maxModelLength,
      int kvBlocks,
      int blockSize,
      long weightBytes,
      long loadMillis)
      implements FrontendMessage {
    /** Copies the list. */
    public EngineReady {
      pids = List.copyOf(pids);
    }
  }

  /**
   * How an engine does; sent at a steady pace, and so also its sign of life.
   *
   * @param running sequences in the batch
   * @param waiting sequences that wait
   * @param usedBlocks KV blocks in use by running sequences
   * @param kvBlocks KV blocks there are
   * @param steps steps done since the start
   * @param preemptions preemptions since the start
   */
  record EngineStatus(
      int running, int waiting, int usedBlocks, int kvBlocks, long steps, long preemptions)
      implements FrontendMessage {}

  /**
   * An engine cannot go on; it exits after this.
   *
   * @param reason one line for the log and for clients
   */
  record EngineFailed(String reason) implements FrontendMessage {
    /** Refuses a missing reason. */
    public EngineFailed {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
