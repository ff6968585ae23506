/**
 * The way of a finished span out of the process; users of the library call nothing here.
 *
 * <p>{@link dev.serving.trace.export.ExportPipeline} takes spans from any thread into a bounded
 * queue ({@code SpanQueue}, of stripes of chunks), from which a few {@code BatchSender}s take
 * batches; each has a {@code SpanCourier}, which delivers a batch and returns a {@code
 * SpanReceipt}: taken, later or never. {@link dev.serving.trace.export.ExportListener} hears what
 * became of every span.
 */
@NullMarked
package dev.serving.trace.export;

import org.jspecify.annotations.NullMarked;
