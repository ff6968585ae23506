package dev.serving.trace;

import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.TracingConfigException;
import dev.serving.trace.export.ExportListener;
import dev.serving.trace.export.ExportPipeline;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What tracing that is on is put together from. */
final class TracingStart {
  /** Who looks at copies is near; without it they are not kept for long. */
  private static final BatchConfig COPIES =
      BatchConfig.DEFAULT
          .withSenders(1)
          .withMaxQueueBytes(16 << 20)
          .withDeadline(Duration.ofSeconds(5))
          .withShutdown(Duration.ofSeconds(1));

  private TracingStart() {}

  static RealTracing start(TracingConfig config, SpanExporter exporter, TraceClock clock) {
    TracingMetrics metrics = new TracingMetrics();
    return start(config, pipeline(exporter, config, metrics), metrics, null, clock);
  }

  static RealTracing start(TracingConfig config, @Nullable Path journal, TraceClock clock) {
    TracingMetrics metrics = new TracingMetrics();
    return start(config, pipeline(config, metrics), metrics, journal, clock);
  }

  static ExportPipeline pipeline(
      SpanExporter exporter, TracingConfig config, TracingMetrics metrics) {
    return new ExportPipeline(
        exporter, config.batch(), config.otlp().timeout(), metrics.listener());
  }

  static ExportPipeline pipeline(TracingConfig config, TracingMetrics metrics) {
    ExportPipeline first = firstPipeline(config, metrics);
    return config.copy().map(to -> first.copiedTo(copies(to))).orElse(first);
  }

  /** What becomes of copies is not in the metrics: only what goes wrong with them is logged. */
  private static ExportPipeline copies(OtlpConfig to) {
    ExportListener listener = new TracingMetrics().listener();
    return ExportPipeline.overOtlp(to, COPIES, listener);
  }

  private static ExportPipeline firstPipeline(TracingConfig config, TracingMetrics metrics) {
    return switch (config.exporter()) {
      case CONSOLE -> ExportPipeline.toConsole(config.batch(), metrics.listener());
      case NONE -> throw new TracingConfigException("there is no exporter to start");
      case OTLP -> ExportPipeline.overOtlp(config.otlp(), config.batch(), metrics.listener());
    };
  }

  private static RealTracing start(
      TracingConfig config,
      ExportPipeline pipeline,
      TracingMetrics metrics,
      @Nullable Path file,
      TraceClock clock) {
    Resource resource = TraceResource.of(config.service());
    SpanJournal journal = journal(file, resource, metrics);
    RealTracing tracing = new RealTracing(config, resource, pipeline, metrics, journal, clock);
    tracing.begin(config.closedAtExit());
    return tracing;
  }

  private static SpanJournal journal(
      @Nullable Path file, Resource resource, TracingMetrics metrics) {
    try {
      return file == null
          ? SpanJournal.NONE
          : FileJournal.create(file, resource, () -> noRoom(metrics));
    } catch (IOException e) {
      metrics.faultLog().report(TraceFault.JOURNAL, e::toString);
      return SpanJournal.NONE;
    }
  }

  private static void noRoom(TracingMetrics metrics) {
    metrics
        .faultLog()
        .report(TraceFault.NO_ROOM, () -> "a span could not be noted for the case of a kill");
  }
}
