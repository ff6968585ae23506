package dev.serving.viewer;

import static dev.serving.viewer.SampleTrace.MILLI;
import static dev.serving.viewer.SampleTrace.number;
import static dev.serving.viewer.SampleTrace.text;

import dev.serving.blame.StepKey;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;

/** A request whose root tells its hops but not its causes, and the one step that it was in. */
final class Judgeable {
  static final String CULPRIT = "c0ffee22".repeat(4);

  private static final String RID = "cmpl-1";
  private static final String STEP = "%032x".formatted(0xabc);
  private static final long CLOCK = 77_000 * MILLI;

  private Judgeable() {}

  /** Sent to its engine after 1 ms, in a step from 2 to 12, read by its client after 13. */
  static SampleTrace request(String id, long zero) {
    SampleTrace trace = SampleTrace.empty(id, zero);
    Span.Builder root = trace.span("POST /v1/completions", null, 0, 13 * MILLI);
    root.addAttributes(number("nano_time", CLOCK));
    Map<String, Integer> hops =
        Map.of(
            "read",
            0,
            "work",
            0,
            "submitted",
            1,
            "link",
            1,
            "concluded",
            12,
            "written",
            13,
            "ended",
            13);
    hops.forEach((hop, ms) -> root.addAttributes(number("path." + hop + "_ns", ms * MILLI)));
    root.addAttributes(number("path.engine", 0))
        .addAttributes(number("path.last_step", 9))
        .addAttributes(SampleTrace.list("token.choice", RID, RID))
        .addAttributes(SampleTrace.list("token.which", "first", "end"))
        .addAttributes(numbers("token.index", 0, 0));
    for (String hop : List.of("sent", "heard", "taken")) {
      root.addAttributes(numbers("token." + hop + "_ns", 12 * MILLI, 12 * MILLI));
    }
    String rootId = trace.any("frontend", root);
    String lane = trace.lane("engine", rootId, "scheduler", 0, 1, 12);
    trace.slice("engine", lane, "SCHEDULE", 1, 2, null);
    return trace;
  }

  /** One row of the request, and 99 of another's prompt. */
  static SampleTrace step(long zero) {
    SampleTrace trace = SampleTrace.empty(STEP, zero);
    Span.Builder step = trace.span("BATCH_STEP", null, 2 * MILLI, 12 * MILLI);
    step.addAttributes(number("nano_time", CLOCK + 2 * MILLI))
        .addAttributes(number("step", 9))
        .addAttributes(text("delay", "budget"))
        .addAttributes(number("waiting", 3))
        .addAttributes(numbers("rank.busy_ns", 10 * MILLI))
        .addAttributes(numbers("rank.waited_ns", 0))
        .addAttributes(numbers("rank.paused_ns", 0))
        .addAttributes(numbers("part.key", StepKey.of(RID), 7))
        .addAttributes(numbers("part.prefill", 0, 1))
        .addAttributes(numbers("part.again", 0, 0))
        .addAttributes(numbers("part.rows", 1, 99))
        .addAttributes(numbers("part.position", 5, 0))
        .addAttributes(numbers("part.blocks", 1, 7))
        .addAttributes(numbers("part.waited_ns", MILLI, -1))
        .addLinks(
            Span.Link.newBuilder()
                .setTraceId(SampleTrace.bytes(CULPRIT))
                .setSpanId(SampleTrace.bytes("%016x".formatted(3)))
                .addAttributes(number("part", 1)));
    trace.any("engine", step);
    return trace;
  }

  private static KeyValue numbers(String key, long... values) {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    for (long value : values) {
      array.addValues(AnyValue.newBuilder().setIntValue(value));
    }
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setArrayValue(array))
        .build();
  }
}
