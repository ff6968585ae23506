package dev.serving.trace;

import dev.serving.trace.export.ExportFault;
import java.util.Locale;

/** Why a finished span was not delivered. */
public enum DropReason {
  /** It came while the queue held as many spans or bytes as it may. */
  QUEUE_FULL,
  /** It alone is larger than a batch may be. */
  TOO_LARGE,
  /** The receiver answered that it will not take it, now or later. */
  REJECTED,
  /** Its batch could not be delivered before the deadline. */
  DEADLINE,
  /** It came after closing, or closing could not wait for its delivery. */
  CLOSED;

  /** The name as a label of a metric: lower case with underscores. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason that the pipeline tells as a fault. */
  static DropReason of(ExportFault fault) {
    return valueOf(fault.name());
  }
}
