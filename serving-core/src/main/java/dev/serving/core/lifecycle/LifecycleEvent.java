package dev.serving.core.lifecycle;

import dev.serving.trace.TraceSpanName;

/**
 * What is logged of a request, by the names and in the stages of FastDeploy's trace.log; {@link
 * #REQUEST_END} alone is ours.
 */
public enum LifecycleEvent {
  /** The body is a valid request; making tokens of it begins. */
  PREPROCESSING_START(TraceSpanName.PREPROCESSING),
  /** The request is on its way to an engine. */
  PREPROCESSING_END(TraceSpanName.PREPROCESSING),
  /** The request ended before anything was generated: refused, failed, or its client gone. */
  REQUEST_END(TraceSpanName.PREPROCESSING),
  /** The engine has the request. */
  REQUEST_SCHEDULE_START(TraceSpanName.SCHEDULE),
  /** The request waits: a new one, or one that was preempted. */
  REQUEST_QUEUE_START(TraceSpanName.SCHEDULE),
  /** The request has its blocks and a place in a batch. */
  REQUEST_QUEUE_END(TraceSpanName.SCHEDULE),
  /** Its prompt begins as one did before; so much need not be computed. */
  CACHE_HIT(TraceSpanName.SCHEDULE),
  /** All of its prompt must be computed. */
  CACHE_MISS(TraceSpanName.SCHEDULE),
  /** Its first batch was handed to the ranks. */
  REQUEST_SCHEDULE_END(TraceSpanName.SCHEDULE),
  /** The ranks compute its prompt. */
  INFERENCE_START(TraceSpanName.PREFILL),
  /** The prompt is computed and the first token chosen. */
  FIRST_TOKEN_GENERATED(TraceSpanName.PREFILL),
  /** The first token after that is there. */
  DECODE_START(TraceSpanName.DECODE),
  /** It lost its blocks to older requests and waits again. */
  PREEMPTED(TraceSpanName.DECODE),
  /** After a preemption, its tokens so far are computed anew. */
  RESCHEDULED_INFERENCE_START(TraceSpanName.DECODE),
  /** The engine has let go of it. */
  INFERENCE_END(TraceSpanName.DECODE),
  /** Making text of its tokens begins. */
  POSTPROCESSING_START(TraceSpanName.POSTPROCESSING),
  /** The answer's last byte is written. */
  POSTPROCESSING_END(TraceSpanName.POSTPROCESSING);

  private final TraceSpanName stage;

  LifecycleEvent(TraceSpanName stage) {
    this.stage = stage;
  }

  /** The stage that it belongs to. */
  public TraceSpanName stage() {
    return stage;
  }
}
