package dev.serving.trace.export;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Delivers through an exporter whose answers {@link OtlpAnswers} hears. */
final class OtlpCourier implements SpanCourier {
  private final SpanExporter exporter;

  OtlpCourier(SpanExporter exporter) {
    this.exporter = exporter;
  }

  @Override
  public SpanReceipt send(List<SpanData> spans, Duration timeout) throws InterruptedException {
    CompletableFuture<SpanReceipt> receipt = OtlpAnswers.ofNextRequest();
    CompletableResultCode result = exporter.export(spans);
    // Without a request, as after closing, there is no answer to hear.
    result.whenComplete(() -> receipt.complete(later(ExportFault.UNREACHABLE, "closed")));
    try {
      return receipt.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return later(ExportFault.TIMEOUT, "no answer in time");
    } catch (ExecutionException e) {
      return later(ExportFault.INTERNAL, String.valueOf(e.getCause()));
    }
  }

  @Override
  public void close() {
    exporter.shutdown().join(1, TimeUnit.SECONDS);
  }

  private static SpanReceipt later(ExportFault fault, String why) {
    return new SpanReceipt.Later(fault, why);
  }
}
