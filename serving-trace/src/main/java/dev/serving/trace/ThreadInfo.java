package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import org.jspecify.annotations.Nullable;

/**
 * What tracing keeps of a thread: how its lanes are called and described, and its source of ids.
 *
 * @param given whether the thread has said so itself; else it still may
 * @param label what it does
 * @param laneName the name of its lanes
 * @param rank its tensor-parallel rank, 0 if it has none
 * @param attributes what every lane of it starts with, within the limits of a span
 * @param ids only for this thread
 */
record ThreadInfo(
    boolean given, String label, String laneName, int rank, Attributes attributes, TraceIds ids) {
  static final String UNKNOWN = "unknown";

  private static final long PID = ProcessHandle.current().pid();

  /** The same with another name of its lanes. */
  ThreadInfo named(String newName) {
    return new ThreadInfo(given, label, newName, rank, attributes, ids);
  }

  /** Returns what a lane starts with; it may write to it. */
  Attributes ofLane() {
    return attributes instanceof RecordedAttributes cut ? cut.copy() : attributes;
  }

  /** Describes the calling thread. */
  static ThreadInfo of(
      boolean given,
      String label,
      @Nullable Integer tpRank,
      @Nullable Integer dpRank,
      String hostId,
      TraceIds ids,
      SpanLimits limits) {
    Thread thread = Thread.currentThread();
    AttributesBuilder attributes =
        Attributes.builder()
            .put("host_id", hostId)
            .put("pid", PID)
            .put("thread_label", label)
            .put("thread.id", thread.getId())
            .put("thread.name", thread.getName());
    if (tpRank != null) {
      attributes.put("tp_rank", tpRank.longValue());
    }
    if (dpRank != null) {
      attributes.put("dp_rank", dpRank.longValue());
    }
    Attributes kept =
        RecordedAttributes.within(
            attributes.build(),
            limits.getMaxNumberOfAttributes(),
            limits.getMaxAttributeValueLength());
    return new ThreadInfo(given, label, label, tpRank == null ? 0 : tpRank, kept, ids);
  }
}
