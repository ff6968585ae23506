package dev.serving.viewer.chart;

import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trace laid out for drawing: processes, in them lanes, in them bars; the page and the terminal
 * draw the same chart.
 *
 * <pre>
 * serving, pid 11   request      POST /v1/chat/completions  ├──────────────────────────┤
 *                   preprocess   ├PREPROCESSING┤
 * serving, pid 12   scheduler                  ├SCHEDULE┤
 *                   worker TP 0                         ├PREFILL┤├DECODE──────────┤    row 0
 *                                                                ├step┤├step┤├step┤    row 1
 * </pre>
 *
 * @param trace what is drawn
 * @param root the span that stands for the whole
 * @param processes the root's first, then by rank and by time
 */
public record LaneChart(StoredTrace trace, StoredSpan root, List<ProcessGroup> processes) {

  /**
   * The lanes of one process.
   *
   * @param service its service's name
   * @param pid its process id, empty if unknown
   * @param host its host's id, empty if unknown
   * @param lanes the root's first, then by rank and by time
   */
  public record ProcessGroup(String service, String pid, String host, List<Lane> lanes) {}

  /**
   * What one thread did.
   *
   * @param label its label, empty for the process as a whole
   * @param rank "TP 1", "DP 0 TP 1" or empty
   * @param rows number of rows that its bars need
   * @param bars by start
   */
  public record Lane(String label, String rank, int rows, List<Bar> bars) {}

  /**
   * One span's place.
   *
   * @param span what is drawn
   * @param level root, lane or slice
   * @param row 0 for the outermost; a lane's own span lies behind all rows and has 0
   */
  public record Bar(StoredSpan span, Level level, int row) {
    /** The stage that it is. */
    public Optional<Stage> stage() {
      return level == Level.SLICE ? Stage.of(span) : Optional.empty();
    }
  }

  /**
   * The stage that each slice is or lies in, by span id; no entry for a slice of no stage, for
   * lanes and for roots.
   */
  public Map<String, Stage> stages() {
    Map<String, Bar> bars = new HashMap<>();
    lanes().forEach(lane -> lane.bars().forEach(bar -> bars.put(bar.span().spanId(), bar)));
    Map<String, Stage> stages = new HashMap<>();
    bars.keySet().forEach(id -> stageOf(id, bars).ifPresent(stage -> stages.put(id, stage)));
    return stages;
  }

  private static Optional<Stage> stageOf(String id, Map<String, Bar> bars) {
    Bar bar = bars.get(id);
    for (int step = 0; bar != null && step < bars.size(); step++) { // parents may form a ring
      Optional<Stage> stage = bar.stage();
      if (stage.isPresent()) {
        return stage;
      }
      bar = bars.get(bar.span().parentId());
    }
    return Optional.empty();
  }

  /** The three levels of a trace. */
  public enum Level {
    ROOT,
    LANE,
    SLICE
  }

  public static LaneChart of(StoredTrace trace) {
    return new LaneChartBuilder(trace).build();
  }

  public List<Lane> lanes() {
    return processes.stream().flatMap(process -> process.lanes().stream()).toList();
  }
}
