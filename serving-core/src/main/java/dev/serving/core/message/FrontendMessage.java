package dev.serving.core.message;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.serving.trace.TraceCarrier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
   * @param promptLogprobs log-probabilities of the prompt's next tokens when they were asked for,
   *     the prompt's second token first; all of them come before the first token
   * @param sentNs when the engine handed it on, by {@link System#nanoTime}, which is the same for
   *     all processes of a host; 0 when no engine did
   */
  record Output(
      String rid,
      List<Integer> tokens,
      List<TokenLogprobs> logprobs,
      int cachedTokens,
      FinishReason finish,
      String error,
      TraceCarrier carrier,
      List<TokenLogprobs> promptLogprobs,
      long sentNs)
      implements FrontendMessage {
    /** An output that says nothing of the prompt's tokens, and that no engine sent. */
    public Output(
        String rid,
        List<Integer> tokens,
        List<TokenLogprobs> logprobs,
        int cachedTokens,
        FinishReason finish,
        String error,
        TraceCarrier carrier) {
      this(rid, tokens, logprobs, cachedTokens, finish, error, carrier, List.of(), 0);
    }

    /** Refuses a missing id and an error without words. */
    public Output {
      Ids.require(rid);
      tokens = List.copyOf(tokens);
      logprobs = List.copyOf(logprobs);
      promptLogprobs = List.copyOf(promptLogprobs);
      if (finish != null && finish.failed() && error == null) {
        throw new IllegalArgumentException("finish " + finish + " needs an error text");
      }
      Objects.requireNonNull(carrier, "carrier");
    }
  }

  /**
   * What a step made, of all its requests: one message, since each wakes its reader.
   *
   * @param outputs in the order in which they were made; at most {@link #MOST}
   */
  record Outputs(@JsonTypeInfo(use = JsonTypeInfo.Id.NONE) List<Output> outputs)
      implements FrontendMessage {
    /** Most outputs: each may hold the log-probabilities of many tokens. */
    public static final int MOST = 64;

    /** Refuses more than fits. */
    public Outputs {
      outputs = List.copyOf(outputs);
      if (outputs.size() > MOST) {
        throw new IllegalArgumentException("a message holds at most " + MOST + " outputs");
      }
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
    /** Refuses an engine without processes, room for a sequence, or blocks. */
    public EngineReady {
      pids = List.copyOf(pids);
      if (pids.isEmpty() || maxModelLength < 1 || kvBlocks < 1 || blockSize < 1) {
        throw new IllegalArgumentException(
            "no engine of %d processes has %d blocks of %d tokens for %d a sequence"
                .formatted(pids.size(), kvBlocks, blockSize, maxModelLength));
      }
    }
  }

  /**
   * How an engine does; sent at a steady pace, and so also its sign of life.
   *
   * @param running sequences in the batch
   * @param waiting sequences that wait
   * @param paused sequences that wait for their clients to read
   * @param usedBlocks KV blocks in use by sequences
   * @param kvBlocks KV blocks there are
   * @param steps steps done since the start
   * @param preemptions preemptions since the start
   */
  record EngineStatus(
      int running,
      int waiting,
      int paused,
      int usedBlocks,
      int kvBlocks,
      long steps,
      long preemptions)
      implements FrontendMessage {
    /** Refuses negative numbers. */
    public EngineStatus {
      boolean sequences = running >= 0 && waiting >= 0 && paused >= 0;
      if (!sequences || usedBlocks < 0 || kvBlocks < 0 || steps < 0 || preemptions < 0) {
        throw new IllegalArgumentException("an engine's numbers must not be negative");
      }
    }
  }

  /**
   * What has happened in an engine since its last report; sent with its status when there is
   * anything.
   *
   * @param steps the steps done
   * @param queueNs for each request that ran for the first time, how long it had waited, in
   *     nanoseconds
   * @param inferences for each sequence that had a token and is over, how long it took
   * @param processes what its processes say of themselves, by name: {@link #SCHEDULER} is its own,
   *     {@code rank-1} and so on those of its further ranks
   * @param ignored messages to its ranks' socket that were ignored since the start
   */
  record EngineReport(
      List<StepReport> steps,
      List<Long> queueNs,
      List<InferenceReport> inferences,
      Map<String, ProcessReport> processes,
      long ignored)
      implements FrontendMessage {
    /** The engine's own process among those that it tells of. */
    public static final String SCHEDULER = "scheduler";

    /** Most entries of each list. */
    public static final int MOST_VALUES = 8192;

    private static final int MOST_PROCESSES = 1024;

    /** Refuses negative times and more than fits. */
    public EngineReport {
      steps = List.copyOf(steps);
      queueNs = List.copyOf(queueNs);
      inferences = List.copyOf(inferences);
      processes = Map.copyOf(processes);
      int most = Math.max(steps.size(), Math.max(queueNs.size(), inferences.size()));
      if (most > MOST_VALUES) {
        throw new IllegalArgumentException("a report holds at most " + MOST_VALUES + " values");
      }
      if (ignored < 0 || queueNs.stream().anyMatch(waited -> waited < 0)) {
        throw new IllegalArgumentException("waits and counts must not be negative");
      }
      if (processes.size() > MOST_PROCESSES) {
        throw new IllegalArgumentException("no engine has " + processes.size() + " processes");
      }
    }
  }

  /**
   * What an engine's steps were, for {@code dev.serving.blame}; sent when a request is over, and
   * when there are many.
   *
   * @param steps packed, oldest first; empty when there was none
   * @param completeNs until when the engine has now told of all its steps, by {@link
   *     System#nanoTime}
   */
  record StepsDone(byte[] steps, long completeNs) implements FrontendMessage {
    /** Refuses what cannot be packed steps. */
    public StepsDone {
      if (steps.length % Long.BYTES != 0) {
        throw new IllegalArgumentException("steps are whole longs, not " + steps.length + " bytes");
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof StepsDone o
          && Arrays.equals(steps, o.steps)
          && completeNs == o.completeNs;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(completeNs);
    }
  }

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
