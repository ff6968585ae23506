package dev.serving.viewer.chart;

import dev.serving.viewer.store.SpanResource;
import dev.serving.viewer.store.StoredSpan;
import java.util.List;

/**
 * Which lane a span lies in: a thread of a process, as a rank.
 *
 * @param process what tells one process from another; equal for spans of the same one
 * @param label the thread's label, its name, or empty for the process as a whole
 * @param threadId empty if unknown
 * @param tpRank tensor-parallel rank, -1 for none
 * @param dpRank data-parallel rank, -1 for none
 */
record LaneKey(List<String> process, String label, String threadId, int tpRank, int dpRank) {

  /** The lane that a span names itself; its label is empty if it names none. */
  static LaneKey of(StoredSpan span) {
    String label = span.text("thread_label");
    return new LaneKey(
        processOf(span),
        label.isEmpty() ? span.text("thread.name") : label,
        span.text("thread.id"),
        rank(span.text("tp_rank")),
        rank(span.text("dp_rank")));
  }

  static List<String> processOf(StoredSpan span) {
    SpanResource resource = span.resource();
    return List.of(
        resource.service(),
        first(resource.text("host.id"), span.text("host_id")),
        resource.text("service.instance.id"),
        first(resource.text("process.pid"), span.text("pid")));
  }

  String pid() {
    return process.get(3);
  }

  String host() {
    return process.get(1);
  }

  String service() {
    return process.get(0);
  }

  /** "TP 1", "DP 0 TP 1" or nothing. */
  String rankLabel() {
    String tp = tpRank < 0 ? "" : "TP " + tpRank;
    String dp = dpRank < 0 ? "" : "DP " + dpRank;
    return (dp + " " + tp).strip();
  }

  private static String first(String one, String other) {
    return one.isEmpty() ? other : one;
  }

  private static int rank(String text) {
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
  }
}
