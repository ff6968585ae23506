package dev.serving.core.message;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Locale;

/**
 * What the server's slices and lanes say beside the conventions' attributes, each in one spelling.
 * {@code docs/tracing.md} has what they mean.
 */
public final class TraceNames {
  /** Tokens of the prompt, also after a preemption. */
  public static final AttributeKey<Long> PROMPT_TOKENS = number("prompt_tokens");

  /** Tokens generated so far, or in all. */
  public static final AttributeKey<Long> OUTPUT_TOKENS = number("output_tokens");

  /** Tokens of the prompt that needed no prefill. */
  public static final AttributeKey<Long> CACHED_TOKENS = number("cached_tokens");

  /** Output tokens that are prefilled again after a preemption. */
  public static final AttributeKey<Long> RECOMPUTED_TOKENS = number("recomputed_tokens");

  /** Sequences that waited before it. */
  public static final AttributeKey<Long> QUEUE_LENGTH = number("queue.length");

  /** A step's number. */
  public static final AttributeKey<Long> STEP = number("step");

  /** Sequences in a step. */
  public static final AttributeKey<Long> BATCH_SIZE = number("batch.size");

  /** A sequence's place in its first step. */
  public static final AttributeKey<Long> BATCH_POSITION = number("batch.position");

  /** Rows of a step that are prompt. */
  public static final AttributeKey<Long> BATCH_PREFILL_TOKENS = number("batch.prefill_tokens");

  /** Rows of a step that are last tokens. */
  public static final AttributeKey<Long> BATCH_DECODE_TOKENS = number("batch.decode_tokens");

  /** KV blocks in use. */
  public static final AttributeKey<Long> KV_BLOCKS_USED = number("kv_blocks.used");

  /** {@link System#nanoTime} when a span began: one clock for all processes of a host. */
  public static final AttributeKey<Long> NANO_TIME = number("nano_time");

  /** Nanoseconds from the end of the step before to when a step was planned. */
  public static final AttributeKey<Long> SINCE_STEP_NS = number("since_step_ns");

  /** Of a step's link to a request: which of its parts the request's is, from 0. */
  public static final AttributeKey<Long> PART = number("part");

  /** Steps that a prefill took. */
  public static final AttributeKey<Long> CHUNKS = number("chunks");

  /** A chunk's first position. */
  public static final AttributeKey<Long> START = number("start");

  /** Rows of a chunk, or tokens after the first. */
  public static final AttributeKey<Long> TOKENS = number("tokens");

  /** Steps of a decode. */
  public static final AttributeKey<Long> STEPS = number("steps");

  /** The longest time between two tokens. */
  public static final AttributeKey<Long> WORST_STEP_NS = number("worst_step_ns");

  /** The usual time between two tokens. */
  public static final AttributeKey<Long> MEAN_STEP_NS = number("mean_step_ns");

  /** Time in all-reduces, waiting included. */
  public static final AttributeKey<Long> ALL_REDUCE_NS = number("all_reduce_ns");

  /** Whether the sequence lost its KV blocks then. */
  public static final AttributeKey<Boolean> PREEMPTED = AttributeKey.booleanKey("preempted");

  /** How an engine ended a request. */
  public static final AttributeKey<String> FINISH_REASON = AttributeKey.stringKey("finish_reason");

  /** Why an event happened. */
  public static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  /** The event of a request's first token. */
  public static final String FIRST_TOKEN_EVENT = "first_token";

  /** The event of KV blocks lost. */
  public static final String PREEMPTED_EVENT = "preempted";

  /** The event of a client that does not read. */
  public static final String PAUSED_EVENT = "paused";

  /** The event of its reading on. */
  public static final String RESUMED_EVENT = "resumed";

  /** The event of an end that nobody waits for. */
  public static final String ABORTED_EVENT = "aborted";

  /** The event of an end that is the server's fault. */
  public static final String FAILED_EVENT = "failed";

  private TraceNames() {}

  private static AttributeKey<Long> number(String name) {
    return AttributeKey.longKey(name);
  }

  /** How long a request was the first to wait for this. */
  public static AttributeKey<Long> waited(Enum<?> cause) {
    return number("wait." + cause.name().toLowerCase(Locale.ROOT) + "_ns");
  }

  /**
   * What the lanes of a thread are called: its label, and its ranks where they are not 0, so that a
   * trace's lanes differ also on pages that show nothing but names.
   *
   * @param label what the thread does
   * @param tpRank its tensor-parallel rank, 0 if it has none
   * @param dpRank its data-parallel rank
   */
  public static String lane(String label, int tpRank, int dpRank) {
    return label + rank(" dp", dpRank) + rank(" tp", tpRank);
  }

  private static String rank(String kind, int rank) {
    return rank == 0 ? "" : kind + rank;
  }
}
