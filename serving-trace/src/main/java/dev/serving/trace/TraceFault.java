package dev.serving.trace;

import java.util.Locale;

/** What can go wrong in tracing without harming the traced. Each kind is counted and logged. */
public enum TraceFault {
  /** No connection to the receiver, or it broke. */
  UNREACHABLE("Start the receiver, or correct --otlp-traces-endpoint."),
  /** The receiver did not answer in time. */
  TIMEOUT("Look at the receiver's load, or raise OTEL_EXPORTER_OTLP_TIMEOUT."),
  /** The receiver asks to be asked later. */
  BUSY("Give the receiver more room, or lower --trace-sample-ratio or --trace-level."),
  /** The receiver will not take a request or some of its spans. */
  REJECTED("Check the endpoint's path, protocol and headers against the receiver's log."),
  /** The exporter that was given reported a failure. */
  EXPORTER_FAILED("See the exporter's own log."),
  /** Spans were dropped for want of room in the queue. */
  QUEUE_FULL("Raise OTEL_BSP_MAX_QUEUE_SIZE, or lower --trace-sample-ratio or --trace-level."),
  /** A span was larger than a batch may be. */
  TOO_LARGE("Lower OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT."),
  /** A batch could not be delivered before its deadline. */
  DEADLINE("Spans of that time are lost; OTEL_BSP_EXPORT_TIMEOUT is the deadline."),
  /** Closing could not wait for the delivery of all spans. */
  CLOSED("Close tracing after the last request, and give it more time."),
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
}
