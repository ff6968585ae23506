package dev.serving.blame;

/**
 * What a request's time can be due to. Each nanosecond of it has exactly one cause.
 *
 * <p>The order is that of the table that people read, roughly the order in which a request meets
 * them.
 */
public enum Cause {
  /** Its client took this long to send it. */
  CLIENT_IN("client_in", true, "receiving the request", "Look at the client and its network."),
  /** It waited for a thread of the frontend. */
  FRONTEND_QUEUE(
      "frontend_queue",
      true,
      "waiting for a thread of the frontend",
      "Give the frontend more cores, or send it fewer and shorter requests."),
  /** The frontend parsed, made tokens or made text. */
  FRONTEND(
      "frontend",
      true,
      "parsing, making tokens of the prompt and text of the answer",
      "Shorten the prompt, or look at its chat template and tokenizer."),
  /** A message was on its way between frontend and engine. */
  TRANSPORT(
      "transport",
      true,
      "on the way between frontend and engine",
      "The process that should have read was busy: look at the machine's load."),
  /** It came while a step ran, and joins between steps only. */
  QUEUE_STEP(
      "queue.step",
      false,
      "waiting for the step that ran when it arrived",
      "Lower --max-num-batched-tokens: steps get shorter."),
  /** The steps' token budget was used up. */
  QUEUE_BUDGET(
      "queue.budget",
      false,
      "waiting for room in the steps' token budget",
      "Raise --max-num-batched-tokens, or add engines."),
  /** There were not enough free KV blocks. */
  QUEUE_BLOCKS(
      "queue.blocks",
      false,
      "waiting for KV blocks that others held",
      "Give the KV cache more memory, or let fewer or shorter requests run."),
  /** As many sequences ran as may. */
  QUEUE_SEQUENCES(
      "queue.sequences",
      false,
      "waiting since as many sequences ran as may",
      "Raise --max-num-seqs, or add engines."),
  /** It lost its KV blocks to another and waited to begin again. */
  PREEMPTED(
      "preempted",
      false,
      "waiting again after it lost its KV blocks to another",
      "Give the KV cache more memory, or let fewer requests run at once."),
  /** The scheduler chose batches and handed outputs on. */
  SCHEDULE(
      "schedule", true, "in the scheduler", "Many small steps: a larger model, or fewer requests."),
  /** It ran, but steps went by without it. */
  SKIPPED(
      "skipped",
      false,
      "passed over by steps whose budget others used",
      "Raise --max-num-batched-tokens."),
  /** Its own rows, and what any step costs. */
  OWN("own", true, "computing its own tokens", "A smaller model, faster machine or more ranks."),
  /** Its own rows, a second time. */
  RECOMPUTE(
      "recompute",
      false,
      "computing again what a preemption threw away",
      "Give the KV cache more memory."),
  /** Prompts of others in its steps. */
  OTHERS_PREFILL(
      "others.prefill",
      false,
      "in steps that also computed the prompts of others",
      "Lower --max-num-batched-tokens, so that prompts come in smaller pieces."),
  /** Answers of others in its steps. */
  OTHERS_DECODE(
      "others.decode",
      false,
      "in steps that also computed the answers of others",
      "Lower --max-num-seqs, or add engines."),
  /** Ranks waited for the slowest of them. */
  STRAGGLER(
      "straggler",
      false,
      "ranks waiting for a slower one",
      "Look at the machine of the rank that is named: another process may use its cores."),
  /** Steps went to the ranks, and answers came back. */
  DISPATCH(
      "dispatch",
      true,
      "handing steps to the ranks and hearing their answers",
      "The ranks' threads were not awake in time: look at the machine's load."),
  /** A process stood still for its garbage collector. */
  PAUSE(
      "pause",
      false,
      "while a process stood still for its garbage collector",
      "Give that process a larger heap."),
  /** Its engine ended. */
  ENGINE_LOST(
      "engine_lost",
      false,
      "with an engine that ended before it could say what it did",
      "The server's log says why the engine ended."),
  /** Bytes waited for the client to read them. */
  CLIENT_OUT(
      "client_out",
      true,
      "waiting for the client to read the answer",
      "Look at the client and its network."),
  /** None of the above explains it. */
  UNEXPLAINED(
      "unexplained",
      false,
      "not explained: steps took longer than their contents do",
      "Something outside took the cores: look at the machine's load.");

  private final String label;
  private final boolean alone;
  private final String meaning;
  private final String advice;

  Cause(String label, boolean alone, String meaning, String advice) {
    this.label = label;
    this.alone = alone;
    this.meaning = meaning;
    this.advice = advice;
  }

  /** Its name in metrics, attributes and JSON. */
  public String label() {
    return label;
  }

  /** Whether the request would have met it with the server to itself. */
  public boolean alone() {
    return alone;
  }

  /** What the time went to: goes on from "250 ms". */
  public String meaning() {
    return meaning;
  }

  /** What can be done about it, in a sentence. */
  public String advice() {
    return advice;
  }
}
