package dev.serving.viewer.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serving.viewer.SampleTrace;
import dev.serving.viewer.chart.LaneChart.Bar;
import dev.serving.viewer.chart.LaneChart.Lane;
import dev.serving.viewer.chart.LaneChart.Level;
import org.junit.jupiter.api.Test;

/** Where the spans of a trace are drawn. */
class LaneChartTest {
  @Test
  void aParentLiesAboveItsChildThatTookJustAsLong() {
    SampleTrace trace = SampleTrace.empty("0".repeat(31) + "1", 1_000);
    String root = trace.root("POST", 0, 100 * SampleTrace.MILLI);
    String lane = trace.lane("engine", root, "worker", 0, 10, 40);
    // The child comes first, as it may.
    trace.any(
        "engine",
        trace.span("chunk", "0000000000000004", 10 * SampleTrace.MILLI, 40 * SampleTrace.MILLI));
    trace.slice("engine", lane, "PREFILL", 10, 40, null);

    assertThat(LaneChart.of(trace.stored()).lanes().get(1).bars())
        .filteredOn(bar -> bar.level() == Level.SLICE)
        .extracting(bar -> bar.span().name() + " " + bar.row())
        .containsExactly("PREFILL 0", "chunk 1");
  }

  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final SampleTrace trace = SampleTrace.empty(ID, 1_000);

  @Test
  void lanesAreThreadsOfProcessesAndRanksInOrder() {
    String root = trace.root("POST /v1/completions", 0, 100 * SampleTrace.MILLI);
    for (int rank : new int[] {3, 1, 2}) {
      trace.lane("worker-" + rank, root, "worker", rank, 10, 90);
    }
    trace.lane("engine", root, "worker", 0, 11, 90);
    trace.lane("engine", root, "scheduler", null, 12, 13);

    LaneChart chart = LaneChart.of(trace.stored());

    assertThat(chart.processes())
        .extracting(process -> process.service())
        .containsExactly(
            "serving-frontend",
            "serving-engine",
            "serving-worker-1",
            "serving-worker-2",
            "serving-worker-3");
    assertThat(chart.processes().get(1).lanes())
        .extracting(Lane::label, Lane::rank)
        .containsExactly(tuple("scheduler", ""), tuple("worker", "DP 0 TP 0"));
  }

  @Test
  void aThreadsOwnSpanLiesBehindItsSlices() {
    String root = trace.root("POST /v1/completions", 0, 100 * SampleTrace.MILLI);
    String lane = trace.lane("engine", root, "worker", 0, 10, 90);
    String decode = trace.slice("engine", lane, "DECODE", 10, 90, null);
    trace.slice("engine", decode, "step", 10, 20, null);
    trace.slice("engine", decode, "step", 20, 30, null);

    LaneChart chart = LaneChart.of(trace.stored());

    assertThat(chart.lanes().get(0).bars())
        .extracting(bar -> bar.span().name(), Bar::level, Bar::row)
        .containsExactly(tuple("POST /v1/completions", Level.ROOT, 0));
    assertThat(chart.lanes().get(1).bars())
        .extracting(bar -> bar.span().name(), Bar::level, Bar::row)
        .containsExactly(
            tuple("worker", Level.LANE, 0),
            tuple("DECODE", Level.SLICE, 0),
            tuple("step", Level.SLICE, 1),
            tuple("step", Level.SLICE, 1));
    assertThat(chart.lanes().get(1).rows()).isEqualTo(2);
  }

  @Test
  void aPreemptedRequestPassesItsStagesTwiceInTheSameLanes() {
    String root = trace.root("POST /v1/completions", 0, 100 * SampleTrace.MILLI);
    String first = trace.lane("engine", root, "scheduler", null, 0, 10);
    trace.slice("engine", first, "SCHEDULE", 0, 10, null);
    String second = trace.lane("engine", root, "scheduler", null, 40, 60);
    trace.slice("engine", second, "SCHEDULE", 40, 60, null);

    LaneChart chart = LaneChart.of(trace.stored());

    assertThat(chart.lanes()).hasSize(2);
    assertThat(chart.lanes().get(1).rows()).isEqualTo(1);
    assertThat(StageTime.of(chart))
        .extracting(StageTime::stage, StageTime::atNanos, StageTime::share)
        .containsExactly(
            tuple(Stage.SCHEDULE, 0L, 0.1), tuple(Stage.SCHEDULE, 40 * SampleTrace.MILLI, 0.2));
  }

  @Test
  void spansThatOverlapInOneLaneLieInRowsOfTheirOwn() {
    String root = trace.root("GET /", 0, 100);
    trace.any("frontend", trace.span("query", root, 0, 60));
    trace.any("frontend", trace.span("query", root, 10, 50));
    trace.any("frontend", trace.span("query", root, 60, 90));

    assertThat(LaneChart.of(trace.stored()).lanes().get(0).bars())
        .extracting(Bar::row)
        .containsExactly(0, 1, 2, 1);
  }

  @Test
  void aSpanThatNamesNoThreadLiesWithItsParentUnlessInAnotherProcess() {
    String root = trace.root("GET /", 0, 100 * SampleTrace.MILLI);
    String lane = trace.lane("engine", root, "worker", 0, 10, 90);
    trace.any("engine", trace.span("inside", lane, 20_000_000, 30_000_000));
    trace.any("other", trace.span("called", lane, 30_000_000, 40_000_000));

    assertThat(LaneChart.of(trace.stored()).lanes())
        .extracting(Lane::label, chartLane -> chartLane.bars().size())
        .containsExactly(tuple("", 1), tuple("worker", 2), tuple("", 1));
  }

  @Test
  void theRootIsTheSpanWithoutParentElseTheOneWhoseParentIsRemote() {
    trace.any("engine", trace.span("lost", "00000000000000aa", 0, 10));
    trace.any("frontend", trace.span("entry", "00000000000000bb", 5, 50).setFlags(0x301));
    assertThat(LaneChart.of(trace.stored()).root().name()).isEqualTo("entry");

    trace.root("client", 2, 60);
    assertThat(LaneChart.of(trace.stored()).root().name()).isEqualTo("client");
  }

  @Test
  void parentsInACircleAreDrawnToo() {
    trace.any("engine", trace.span("a", "0000000000000002", 0, 10));
    trace.any("engine", trace.span("b", "0000000000000001", 0, 10));
    trace.any("engine", trace.span("own", "0000000000000003", 0, 10));

    assertThat(LaneChart.of(trace.stored()).lanes().get(0).bars()).hasSize(3);
    assertThat(LaneText.draw(trace.stored(), 80)).contains("3 spans");
  }
}
