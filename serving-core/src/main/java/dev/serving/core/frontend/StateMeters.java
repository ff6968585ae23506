package dev.serving.core.frontend;

import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.trace.DropReason;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Meters that are read when somebody asks: engines, queues, spans, the process. */
final class StateMeters {
  private final MeterRegistry registry;

  StateMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void engines(EngineClient engines) {
    int count = engines.engines().size();
    for (int rank = 0; rank < count; rank++) {
      int dpRank = rank;
      Supplier<EngineView> view = () -> engines.engines().get(dpRank);
      gauge("serving.engine.up", dpRank, () -> view.get().serves() ? 1 : 0);
      gauge("serving.engine.open_requests", dpRank, () -> view.get().open());
      gauge("serving.requests.running", dpRank, () -> of(view.get(), EngineStatus::running));
      gauge("serving.requests.waiting", dpRank, () -> of(view.get(), EngineStatus::waiting));
      gauge("serving.kv_blocks.used", dpRank, () -> of(view.get(), EngineStatus::usedBlocks));
      gauge("serving.kv_blocks", dpRank, () -> of(view.get(), EngineStatus::kvBlocks));
      counter("serving.engine.restarts", dpRank, () -> view.get().restarts());
      counter("serving.preemptions", dpRank, () -> of(view.get(), EngineStatus::preemptions));
      counter("serving.steps", dpRank, () -> of(view.get(), EngineStatus::steps));
    }
    count("serving.link.ignored_messages", engines::ignored);
  }

  void frontend(OpenGenerations open, Workers workers) {
    Gauge.builder("serving.requests.open", open, OpenGenerations::count).register(registry);
    Gauge.builder("serving.preprocess.waiting", workers, Workers::preprocessWaiting)
        .register(registry);
  }

  void spans(Tracing tracing) {
    TracingMetrics spans = tracing.metrics();
    count("serving.spans.made", spans::made);
    count("serving.spans.delivered", spans::delivered);
    count("serving.spans.export.requests", spans::requests);
    count("serving.spans.export.retries", spans::retries);
    count("serving.spans.export.bytes", spans::bytesSent);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder("serving.spans.dropped", spans, s -> s.dropped(reason))
          .tag("reason", reason.label())
          .register(registry);
    }
    Gauge.builder("serving.spans.in_flight", spans, TracingMetrics::inFlight).register(registry);
    Gauge.builder("serving.spans.queued_bytes", spans, TracingMetrics::queuedBytes)
        .register(registry);
  }

  void process() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private static double of(EngineView view, ToDoubleFunction<EngineStatus> value) {
    return view.status() == null ? 0 : value.applyAsDouble(view.status());
  }

  private void gauge(String name, int dpRank, Supplier<Number> value) {
    Gauge.builder(name, value).tag("dp_rank", Integer.toString(dpRank)).register(registry);
  }

  private void counter(String name, int dpRank, Supplier<Number> value) {
    FunctionCounter.builder(name, value, v -> v.get().doubleValue())
        .tag("dp_rank", Integer.toString(dpRank))
        .register(registry);
  }

  private void count(String name, Supplier<Number> value) {
    FunctionCounter.builder(name, value, v -> v.get().doubleValue()).register(registry);
  }
}
