package dev.serving.core.frontend.metrics;

import static dev.serving.core.frontend.metrics.Family.counter;

import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.frontend.metrics.Family.Value;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.ProcessUsage;
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
  private final Metrics metrics;
  private final String model;
  private final EngineTimes times;
  private final Map<String, ProcessReport> processes = new ConcurrentSkipListMap<>();
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
      processes.put(process(engine, EngineReport.SCHEDULER), ProcessReport.NONE);
      for (int rank = 1; rank < ranks; rank++) {
        processes.put(process(engine, "rank-" + rank), ProcessReport.NONE);
      }
    }
  }

  /** An engine reports. Link thread. */
  public void reported(int dpRank, EngineReport report) {
    times.reported(dpRank, report);
    ignored.set(dpRank, report.ignored());
    report.processes().forEach((name, process) -> processes.put(process(dpRank, name), process));
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
   * @param frontend what the frontend's own process says of itself
   */
  public void watch(
      Supplier<List<EngineView>> engines,
      LongSupplier frontendIgnored,
      Supplier<ProcessReport> frontend) {
    metrics.register(new OneMoment<>(engines, new EngineFamilies(model).all()));
    metrics.register(
        new OneMoment<>(() -> processes(engines.get(), frontend.get()), ProcessFamilies.all()));
    metrics.register(new OneMoment<>(frontendIgnored::getAsLong, List.of(linkIgnored())));
    metrics.register(new OneMoment<>(() -> ignored, List.of(engineIgnored())));
  }

  /** Of all processes; those that are not there any more take nothing of the machine. */
  private Map<String, ProcessReport> processes(List<EngineView> views, ProcessReport frontend) {
    Map<String, ProcessReport> all = new TreeMap<>(processes);
    for (EngineView view : views) {
      if (view.phase() == EngineView.Phase.DOWN) {
        String engine = process(view.dpRank(), EngineReport.SCHEDULER);
        all.replaceAll((name, report) -> isOf(engine, name) ? gone(report) : report);
      }
    }
    all.put("frontend", frontend);
    return all;
  }

  private static boolean isOf(String engine, String process) {
    return process.equals(engine) || process.startsWith(engine + "-");
  }

  private static ProcessReport gone(ProcessReport last) {
    return new ProcessReport(ProcessUsage.NONE, last.spans());
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
