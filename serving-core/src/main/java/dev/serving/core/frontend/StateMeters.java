package dev.serving.core.frontend;

import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.SpanCounts;
import dev.serving.trace.Tracing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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
    FunctionCounters.register(
        registry, "serving.link.ignored_messages", Tags.empty(), engines::ignored);
  }

  void frontend(OpenGenerations open, Workers workers) {
    Gauge.builder("serving.requests.open", open, OpenGenerations::count).register(registry);
    Gauge.builder("serving.preprocess.waiting", workers, Workers::preprocessWaiting)
        .register(registry);
  }

  void spans(Tracing tracing) {
    new SpanMeters(registry).process("frontend", () -> SpanCounts.of(tracing.metrics()));
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
    FunctionCounters.register(registry, name, Tags.of("dp_rank", Integer.toString(dpRank)), value);
  }
}
