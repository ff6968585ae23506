package dev.serving.core.frontend.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.DoubleSupplier;

/**
 * All that the server measures, for whoever scrapes it. What the server says of itself is made with
 * Prometheus' own client, what the virtual machine says with Micrometer's binders. Any thread.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusMeterRegistry machine =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, registry, Clock.SYSTEM);
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  /** With the families of this process and its virtual machine. */
  public Metrics() {
    ProcessMetrics.builder().register(registry);
    machine
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("process.")) // have the standard names above
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count")); // no name of a gauge
    new JvmMemoryMetrics().bindTo(machine);
    new JvmThreadMetrics().bindTo(machine);
    new ClassLoaderMetrics().bindTo(machine);
    new ProcessorMetrics().bindTo(machine);
  }

  /** Where families are registered. */
  PrometheusRegistry registry() {
    return registry;
  }

  /** Adds families that are read together when somebody asks. */
  void register(MultiCollector families) {
    registry.register(families);
  }

  /**
   * Adds a gauge that is read when somebody asks.
   *
   * @param name as scraped
   * @param help what it says, in a sentence
   * @param unit by which the name ends, or null
   * @param value gives the value; any thread
   */
  public void gauge(String name, String help, Unit unit, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .unit(unit)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }

  /** Everything, as Prometheus text or as OpenMetrics, which alone has exemplars and units. */
  public Scrape scrape(boolean asOpenMetrics) {
    ExpositionFormatWriter format = asOpenMetrics ? openMetrics : text;
    ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
    try {
      format.write(body, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes every byte", e);
    }
    return new Scrape(format.getContentType(), body.toByteArray());
  }

  @Override
  public void close() {
    machine.close();
  }

  /**
   * What is scraped.
   *
   * @param contentType its format
   * @param body its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // handed straight to the socket
  public record Scrape(String contentType, byte[] body) {}
}
