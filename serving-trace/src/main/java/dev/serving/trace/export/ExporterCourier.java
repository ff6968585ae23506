package dev.serving.trace.export;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Delivers through a {@link SpanExporter} of which no more is known than that it is one. */
final class ExporterCourier implements SpanCourier {
  private final SpanExporter exporter;

  ExporterCourier(SpanExporter exporter) {
    this.exporter = exporter;
  }

  // An exporter says success or failure and no more, so every failure is worth another attempt.
  @Override
  @SuppressWarnings("CatchingUnchecked") // the exporter is a stranger's code
  public SpanReceipt send(List<SpanData> spans, Duration timeout) throws InterruptedException {
    try {
      CompletableResultCode result = exporter.export(spans);
      result.join(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return result.isSuccess() ? new SpanReceipt.Delivered(0, "", 0) : failed(result);
    } catch (RuntimeException | LinkageError e) {
      return new SpanReceipt.Later(ExportFault.EXPORTER_FAILED, e.toString());
    }
  }

  @Override
  public void close() {
    exporter.shutdown().join(1, TimeUnit.SECONDS);
  }

  private static SpanReceipt failed(CompletableResultCode result) {
    if (!result.isDone()) {
      return new SpanReceipt.Later(ExportFault.TIMEOUT, "no result in time");
    }
    Throwable cause = result.getFailureThrowable();
    return new SpanReceipt.Later(
        ExportFault.EXPORTER_FAILED, cause == null ? "" : cause.toString());
  }
}
