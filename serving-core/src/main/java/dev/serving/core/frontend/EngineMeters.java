package dev.serving.core.frontend;

import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.StepReport;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Meters of what engines report: how long requests waited, what steps were, and the spans of their
 * processes. The link thread reports, scrapes read.
 */
final class EngineMeters {
  private static final double[] QUEUE_TIME = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60
  };
  private static final double[] STEP_DURATION = {
    .001, .0025, .005, .01, .025, .05, .075, .1, .15, .2, .3, .5, .75, 1, 2.5, 5
  };
  private static final double[] POWERS =
      IntStream.rangeClosed(0, 14).mapToDouble(i -> 1 << i).toArray();

  private final MeterRegistry registry;
  private final SpanMeters spans;
  private final Map<Integer, OfEngine> engines = new ConcurrentHashMap<>();
  private final Map<String, SpanCounts> latest = new ConcurrentHashMap<>();

  /** Meters for this many engines, all there from the first scrape on. */
  EngineMeters(MeterRegistry registry, int engines) {
    this.registry = registry;
    this.spans = new SpanMeters(registry);
    IntStream.range(0, engines).forEach(rank -> this.engines.put(rank, new OfEngine(rank)));
  }

  /** An engine reports. */
  void reported(int dpRank, EngineReport report) {
    OfEngine engine = engines.get(dpRank);
    report.queueNs().forEach(waited -> engine.queueTime.record(waited / 1e9));
    report.steps().forEach(engine::step);
    engine.ignored.set(report.ignored());
    report.spans().forEach((process, counts) -> spans(process(dpRank, process), counts));
  }

  private static String process(int dpRank, String process) {
    String engine = "engine-" + dpRank;
    return process.equals(EngineReport.SCHEDULER) ? engine : engine + "-" + process;
  }

  private void spans(String process, SpanCounts counts) {
    if (latest.put(process, counts) == null) {
      spans.process(process, () -> latest.get(process));
    }
  }

  private final class OfEngine {
    private final Tags tags;
    private final Seconds queueTime;
    private final Seconds duration;
    private final DistributionSummary size;
    private final DistributionSummary prefill;
    private final DistributionSummary decode;
    private final AtomicLong ignored = new AtomicLong();

    OfEngine(int dpRank) {
      tags = Tags.of("dp_rank", Integer.toString(dpRank));
      queueTime = Seconds.of(registry, "serving.queue_time", QUEUE_TIME, tags);
      duration = Seconds.of(registry, "serving.step.duration", STEP_DURATION, tags);
      size = summary("serving.step.batch_size", tags);
      prefill = summary("serving.step.tokens", tags.and("phase", "prefill"));
      decode = summary("serving.step.tokens", tags.and("phase", "decode"));
      FunctionCounters.register(registry, "serving.engine.ignored_messages", tags, ignored::get);
    }

    void step(StepReport step) {
      duration.record(step.durationNs() / 1e9);
      size.record(step.sequences());
      prefill.record(step.prefillTokens());
      decode.record(step.decodeTokens());
    }

    private DistributionSummary summary(String name, Tags labels) {
      return DistributionSummary.builder(name)
          .serviceLevelObjectives(POWERS)
          .tags(labels)
          .register(registry);
    }
  }
}
