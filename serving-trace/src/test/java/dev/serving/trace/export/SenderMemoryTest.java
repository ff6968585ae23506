package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.Spans;
import dev.serving.trace.config.BatchConfig;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sender that waits for spans holds none of those that it has delivered. */
@Timeout(60)
class SenderMemoryTest {
  @Test
  void whatIsDeliveredIsLetGoOf() {
    ExportPipeline pipeline =
        new ExportPipeline(
            SpanExporter.composite(), BatchConfig.DEFAULT, Duration.ofSeconds(5), new Heard());
    try {
      WeakReference<SpanData> delivered = acceptOne(pipeline);
      assertThat(pipeline.flush(Duration.ofSeconds(20))).isTrue();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                System.gc();
                return delivered.get() == null;
              });
    } finally {
      pipeline.close();
    }
  }

  private static WeakReference<SpanData> acceptOne(ExportPipeline pipeline) {
    SpanData span = Spans.named("DECODE");
    pipeline.accept(span);
    return new WeakReference<>(span);
  }
}
