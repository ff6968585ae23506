package dev.serving.core.message;

import dev.serving.trace.TraceCarrier;
import java.util.Arrays;
import java.util.Objects;

/** What an engine's scheduler hears from the frontend. */
public sealed interface EngineMessage extends Message {

  /**
   * Generate tokens for a prompt.
   *
   * @param rid the request's id, unique among the open ones
   * @param client whose it is: clients take turns in an engine; "" is nobody in particular
   * @param prompt the prompt's token ids, at least one
   * @param sampling how to choose tokens, and how many
   * @param priority smaller runs first; 0 is usual
   * @param carrier the trace context as it stands when PREPROCESSING is over
   */
  record Generate(
      String rid,
      String client,
      int[] prompt,
      SamplingParams sampling,
      int priority,
      TraceCarrier carrier)
      implements EngineMessage {
    /** Of nobody in particular. */
    public Generate(
        String rid, int[] prompt, SamplingParams sampling, int priority, TraceCarrier carrier) {
      this(rid, "", prompt, sampling, priority, carrier);
    }

    /** Refuses a missing or endless id, an empty prompt and missing sampling parameters. */
    public Generate {
      Ids.require(rid);
      Ids.requireClient(client);
      if (prompt == null || prompt.length == 0) {
        throw new IllegalArgumentException("prompt must hold at least one token");
      }
      Objects.requireNonNull(sampling, "sampling");
      Objects.requireNonNull(carrier, "carrier");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Generate o
          && rid.equals(o.rid)
          && client.equals(o.client)
          && Arrays.equals(prompt, o.prompt)
          && sampling.equals(o.sampling)
          && priority == o.priority
          && carrier.equals(o.carrier);
    }

    @Override
    public int hashCode() {
      return rid.hashCode();
    }
  }

  /**
   * Let go of a request, whatever state it is in. Answered by a last {@link FrontendMessage.Output}
   * unless the request had ended already.
   *
   * @param rid the request's id
   * @param reason {@link FinishReason#STOP} when a stop string matched, {@link FinishReason#ABORT}
   *     when nobody wants the answer any more
   */
  record Cancel(String rid, FinishReason reason) implements EngineMessage {
    /** Refuses reasons that only an engine can know. */
    public Cancel {
      Ids.require(rid);
      if (reason != FinishReason.STOP && reason != FinishReason.ABORT) {
        throw new IllegalArgumentException(
            "a request is cancelled by STOP or ABORT, not " + reason);
      }
    }
  }

  /**
   * Make no more of a request for now: its client does not read. Nothing happens when it has ended.
   *
   * @param rid the request's id
   */
  record Pause(String rid) implements EngineMessage {
    /** Refuses a missing id. */
    public Pause {
      Ids.require(rid);
    }
  }

  /**
   * Go on with a request that was paused: its client has read.
   *
   * @param rid the request's id
   */
  record Resume(String rid) implements EngineMessage {
    /** Refuses a missing id. */
    public Resume {
      Ids.require(rid);
    }
  }

  /** The frontend is alive; sent at a steady pace. */
  record FrontendAlive() implements EngineMessage {}

  /** Change what is traced from now on; an engine passes it to its ranks. */
  record SetTracing(TracingLevels levels) implements EngineMessage {
    /** Refuses missing levels. */
    public SetTracing {
      Objects.requireNonNull(levels, "levels");
    }
  }

  /** Finish nothing more: flush what is traced and exit. */
  record Shutdown() implements EngineMessage {}
}
