package dev.serving.trace.export;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Hears what becomes of spans, each of which is told of exactly once: as refused, lost or
 * delivered. Called by any thread; must not block or throw.
 */
public interface ExportListener {

  /** The pipeline starts: what it holds can be asked for at any time. */
  void started(LongSupplier acceptedSpans, LongSupplier queuedBytes);

  /** A span was not taken into the queue. */
  void refused(ExportFault reason);

  /** Spans that the queue had taken will not be delivered. */
  void lost(ExportFault reason, long spans);

  /** A request was answered with success: so many spans, so many bytes after compression. */
  void delivered(long spans, long bytes);

  /** A batch is tried once more. */
  void retried();

  /** Something went wrong; {@code detail} holds no secret and is asked for only to be logged. */
  void fault(ExportFault fault, Supplier<String> detail);

  /** The same for what may come by the million. */
  void faultOfMany(ExportFault fault, Supplier<String> detail);
}
