package dev.serving.core.frontend.metrics;

import static dev.serving.core.frontend.metrics.Family.counter;

import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.frontend.metrics.Family.Value;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.SpanCounts;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is measured in engines and their ranks and told to the frontend, which has spans of its own.
 * The link thread reports, scrapes read.
 */
public final class EngineMeters {
  private static final SpanCounts NOTHING = new SpanCounts(0, 0, Map.of(), 0, 0, 0, 0, 0);

  private final Metrics metrics;
  private final String model;
  private final EngineTimes times;
  private final Map<String, SpanCounts> spans = new ConcurrentSkipListMap<>();
  private final AtomicLongArray ignored;

  /**
   * Meters for these engines, all there from the first scrape on.
   *
   * @param metrics where they are registered
   * @param model the model's name, a label
   * @param engines how many there are
   * @param ranks how many ranks, and so processes, each has
   */
  public EngineMeters(Metrics metrics, String model, int engines, int ranks) {
    this.metrics = metrics;
    this.model = model;
    times = new EngineTimes(metrics, model, engines);
    ignored = new AtomicLongArray(engines);
    for (int engine = 0; engine < engines; engine++) {
      spans.put(process(engine, EngineReport.SCHEDULER), NOTHING);
      for (int rank = 1; rank < ranks; rank++) {
        spans.put(process(engine, "rank-" + rank), NOTHING);
      }
    }
  }

  /** An engine reports. Link thread. */
  public void reported(int dpRank, EngineReport report) {
    times.reported(dpRank, report);
    ignored.set(dpRank, report.ignored());
    report.spans().forEach((process, counts) -> spans.put(process(dpRank, process), counts));
  }

  private static String process(int dpRank, String process) {
    String engine = "engine-" + dpRank;
    return process.equals(EngineReport.SCHEDULER) ? engine : engine + "-" + process;
  }

  /**
   * Reads, at each scrape, what can be asked.
   *
   * @param engines how the engines do
   * @param frontendIgnored messages that the frontend's links ignored
   * @param frontendSpans the frontend's own spans
   */
  public void watch(
      Supplier<List<EngineView>> engines,
      LongSupplier frontendIgnored,
      Supplier<SpanCounts> frontendSpans) {
    metrics.register(new OneMoment<>(engines, new EngineFamilies(model).all()));
    metrics.register(new OneMoment<>(() -> allSpans(frontendSpans.get()), SpanFamilies.all()));
    metrics.register(new OneMoment<>(frontendIgnored::getAsLong, List.of(linkIgnored())));
    metrics.register(new OneMoment<>(() -> ignored, List.of(engineIgnored())));
  }

  private Map<String, SpanCounts> allSpans(SpanCounts frontend) {
    Map<String, SpanCounts> all = new TreeMap<>(spans);
    all.put("frontend", frontend);
    return all;
  }

  private static Family<Long> linkIgnored() {
    return counter(
        "serving_link_ignored_messages",
        "Messages to the frontend's socket from strangers, or garbled.",
        null,
        count -> Stream.of(new Value(Labels.EMPTY, count)));
  }

  private Family<AtomicLongArray> engineIgnored() {
    return counter(
        "serving_engine_ignored_messages",
        "Messages to the socket of the engine's ranks from strangers, or garbled.",
        null,
        counts ->
            IntStream.range(0, counts.length())
                .mapToObj(rank -> new Value(labels(rank), counts.get(rank))));
  }

  private Labels labels(int dpRank) {
    return Labels.of("model", model, "dp_rank", Integer.toString(dpRank));
  }
}
