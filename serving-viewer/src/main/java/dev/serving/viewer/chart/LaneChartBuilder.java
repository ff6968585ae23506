package dev.serving.viewer.chart;

import dev.serving.viewer.chart.LaneChart.Bar;
import dev.serving.viewer.chart.LaneChart.Lane;
import dev.serving.viewer.chart.LaneChart.Level;
import dev.serving.viewer.chart.LaneChart.ProcessGroup;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lays one trace out in lanes. */
final class LaneChartBuilder {
  // Chains of parents longer than this are a stranger's mischief, perhaps a circle.
  private static final int MAX_DEPTH = 200;

  private final StoredTrace trace;
  private final StoredSpan root;
  private final Map<String, StoredSpan> byId;
  private final Map<String, LaneKey> keys = new HashMap<>();

  LaneChartBuilder(StoredTrace trace) {
    this.trace = trace;
    this.root = trace.root();
    this.byId = trace.byId();
  }

  LaneChart build() {
    Map<LaneKey, List<StoredSpan>> spansOfLane = new LinkedHashMap<>();
    for (StoredSpan span : trace.spans()) {
      spansOfLane.computeIfAbsent(keyOf(span, 0), key -> new ArrayList<>()).add(span);
    }
    Map<List<String>, List<LaneKey>> lanesOfProcess = new LinkedHashMap<>();
    for (LaneKey key : sorted(spansOfLane.keySet())) {
      lanesOfProcess.computeIfAbsent(key.process(), process -> new ArrayList<>()).add(key);
    }
    List<ProcessGroup> processes =
        lanesOfProcess.values().stream().map(keys -> process(keys, spansOfLane)).toList();
    return new LaneChart(trace, root, processes);
  }

  /** The lane that a span names, else its parent's if that is in the same process. */
  private LaneKey keyOf(StoredSpan span, int depth) {
    LaneKey known = keys.get(span.spanId());
    if (known != null) {
      return known;
    }
    LaneKey key = LaneKey.of(span);
    StoredSpan parent = byId.get(span.parentId());
    if (key.label().isEmpty() && parent != null && depth < MAX_DEPTH) {
      LaneKey ofParent = keyOf(parent, depth + 1);
      key = ofParent.process().equals(key.process()) ? ofParent : key;
    }
    keys.put(span.spanId(), key);
    return key;
  }

  /** The root's process first, then processes by rank, then by the time of their first span. */
  private List<LaneKey> sorted(Iterable<LaneKey> inTime) {
    List<LaneKey> lanes = new ArrayList<>();
    inTime.forEach(lanes::add);
    LaneKey first = keys.get(root.spanId());
    Map<List<String>, Integer> rankOfProcess = new HashMap<>();
    Map<List<String>, Integer> orderOfProcess = new HashMap<>();
    for (LaneKey key : lanes) {
      rankOfProcess.merge(key.process(), rankFromZero(key), Math::min);
      orderOfProcess.putIfAbsent(key.process(), orderOfProcess.size());
    }
    lanes.sort(
        Comparator.comparing((LaneKey key) -> !key.process().equals(first.process()))
            .thenComparing(key -> rankOfProcess.get(key.process()))
            .thenComparing(key -> orderOfProcess.get(key.process()))
            .thenComparing(key -> !key.equals(first))
            .thenComparing(LaneChartBuilder::rank));
    return lanes;
  }

  /** A process without ranks counts as rank 0, so that it keeps its place in time. */
  private static int rankFromZero(LaneKey key) {
    return 1_000_000 * Math.max(0, key.dpRank()) + Math.max(0, key.tpRank());
  }

  /** In a process, threads without a rank come first. */
  private static int rank(LaneKey key) {
    return 1_000_000 * (key.dpRank() + 1) + key.tpRank() + 1;
  }

  private ProcessGroup process(List<LaneKey> lanes, Map<LaneKey, List<StoredSpan>> spansOfLane) {
    LaneKey any = lanes.get(0);
    return new ProcessGroup(
        any.service(),
        any.pid(),
        any.host(),
        lanes.stream().map(key -> lane(key, spansOfLane.get(key))).toList());
  }

  private Lane lane(LaneKey key, List<StoredSpan> spans) {
    Rows rows = new Rows();
    List<Bar> bars = new ArrayList<>(spans.size());
    for (StoredSpan span : inOrder(spans)) {
      Level level = level(span);
      bars.add(new Bar(span, level, level == Level.LANE ? 0 : rows.place(span)));
    }
    return new Lane(key.label(), key.rankLabel(), Math.max(1, rows.count()), List.copyOf(bars));
  }

  /** By begin, longer first; of equals a parent before its child, whichever came first. */
  private List<StoredSpan> inOrder(List<StoredSpan> spans) {
    return spans.stream()
        .sorted(
            Comparator.comparingLong(StoredSpan::startNanos)
                .thenComparing(Comparator.comparingLong(StoredSpan::endNanos).reversed())
                .thenComparingInt(this::depth))
        .toList();
  }

  private int depth(StoredSpan span) {
    int depth = 0;
    for (StoredSpan at = span; at != null && depth < MAX_DEPTH; at = byId.get(at.parentId())) {
      depth++;
    }
    return depth;
  }

  /** A thread's own span bears its label as its name; some senders add more to it. */
  private Level level(StoredSpan span) {
    if (span.spanId().equals(root.spanId())) {
      return Level.ROOT;
    }
    String label = span.text("thread_label");
    boolean ofThread = !label.isEmpty() && span.name().startsWith(label);
    return ofThread && Stage.of(span).isEmpty() ? Level.LANE : Level.SLICE;
  }

  /** Gives each span the first free row below its parent's; spans come by start, longer first. */
  private static final class Rows {
    private final List<Long> endOfRow = new ArrayList<>();
    private final Map<String, Integer> rowOf = new HashMap<>();

    int place(StoredSpan span) {
      int row = rowOf.getOrDefault(span.parentId(), -1) + 1;
      while (row < endOfRow.size() && endOfRow.get(row) > span.startNanos()) {
        row++;
      }
      while (endOfRow.size() <= row) {
        endOfRow.add(Long.MIN_VALUE);
      }
      endOfRow.set(row, span.endNanos());
      rowOf.put(span.spanId(), row);
      return row;
    }

    int count() {
      return endOfRow.size();
    }
  }
}
