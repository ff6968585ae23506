package dev.serving.trace;

import dev.serving.trace.export.ExportFault;
import java.util.Locale;

/** What can go wrong in tracing without harming the traced. Each kind is counted and logged. */
public enum TraceFault {
  /** No connection to the receiver, or it broke. */
  UNREACHABLE("Start the receiver, or correct the endpoint."),
  /** The receiver did not answer in time. */
  TIMEOUT("Look at the receiver's load, or raise OTEL_EXPORTER_OTLP_TIMEOUT."),
  /** The receiver asks to be asked later. */
  BUSY("Give the receiver more room, or lower the share of requests or the level that is traced."),
  /** The receiver will not take a request or some of its spans. */
  REJECTED("Check the endpoint's path, protocol and headers against the receiver's log."),
  /** The exporter that was given reported a failure. */
  EXPORTER_FAILED("See the exporter's own log."),
  /** Spans were dropped for want of room in the queue. */
  QUEUE_FULL(
      "Raise OTEL_BSP_MAX_QUEUE_SIZE, or lower the share of requests or the level that is traced."),
  /** A span was larger than a batch may be. */
  TOO_LARGE("Lower OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT."),
  /** A batch could not be delivered before its deadline. */
  DEADLINE("Spans of that time are lost; OTEL_BSP_EXPORT_TIMEOUT is the deadline."),
  /** Closing could not wait for the delivery of all spans. */
  CLOSED("Close tracing after the last request, and give it more time."),
  /** A lane or slice was used by another thread than its own; the call was ignored. */
  FOREIGN_THREAD("Give each thread a lane of its own: request.lane()."),
  /** A thread opened a lane without having said what it is. */
  UNKNOWN_THREAD("Call threadInfo or traceSetThreadInfo first on each thread."),
  /** A function was called for a request, or on a thread, without a context. */
  UNKNOWN_REQUEST("Start the request, or set its carrier, on the calling thread first."),
  /** A request was started that is still open; the first goes on. */
  DUPLICATE_START("Finish a request before its id is used again."),
  /** A slice was ended or added to while none was open. */
  NO_OPEN_SLICE("Start a slice before you end it or add to it."),
  /** A slice was ended under another name than its own. */
  MISMATCHED_END("End slices innermost first, under the name they were started with."),
  /** Something ended before it began; its end is its start. */
  NEGATIVE_DURATION("Take both times from one clock, Tracing.now()."),
  /** A time was not in nanoseconds since the epoch; now was taken instead. */
  IMPLAUSIBLE_TIME("Pass nanoseconds since the epoch, or 0 for now."),
  /** A carrier or header could not be read, or named no trace. */
  UNUSABLE_CARRIER("See that sender and receiver agree on its format."),
  /** What was handed in threw when it was read; the call went on without it. */
  UNREADABLE_VALUE("See that attributes, contexts and batches can be read on the calling thread."),
  /** A request was not finished for so long that it was ended as truncated. */
  ABANDONED("Finish or abort each request on every path, or raise SERVING_TRACE_ABANDON_AFTER."),
  /** More was to be kept than there is room for. */
  NO_ROOM("Finish requests; fewer rooms in one header."),
  /** What a killed process leaves untold cannot be noted, or not be read. */
  JOURNAL("See that the directory of the journals can be written to and has room."),
  /** Tracing was initialised while it was running; it goes on as it was. */
  SECOND_INIT("Initialise tracing once per process."),
  /** A fault of this library. */
  INTERNAL("Please report it with this line.");

  private final String advice;

  TraceFault(String advice) {
    this.advice = advice;
  }

  /** The name as a label of a metric: lower case with underscores. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  String advice() {
    return advice;
  }

  /** The same fault as the pipeline tells of; all of its kinds are among these. */
  static TraceFault of(ExportFault fault) {
    return valueOf(fault.name());
  }
}
