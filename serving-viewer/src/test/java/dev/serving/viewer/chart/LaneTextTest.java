package dev.serving.viewer.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.serving.viewer.SampleTrace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A trace in a terminal. */
class LaneTextTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void drawsEachLaneUnderItsProcess() {
    String drawing = LaneText.draw(SampleTrace.chat(ID, 1_000_000_000).stored(), 100);

    List<String> lines = drawing.lines().toList();
    assertThat(lines.get(0)).isEqualTo("POST /v1/chat/completions  312 ms, 13 spans, 3 processes");
    assertThat(lines.get(1)).isEqualTo("trace " + ID);
    assertThat(lines).allMatch(line -> line.length() <= 100);
    assertThat(lines.stream().filter(line -> line.startsWith("serving-")))
        .extracting(line -> line.replaceAll(" \\(pid \\d+\\)", ""))
        .containsExactly("serving-frontend", "serving-engine", "serving-worker-1");
    assertThat(line(lines, "request")).contains("[POST /v1/chat/completions==").endsWith(" 312 ms");
    assertThat(line(lines, "preprocess")).contains("[P").endsWith(" 12.0 ms");
    assertThat(line(lines, "scheduler")).contains("[SCHEDULE");
    assertThat(line(lines, "worker DP 0 TP 0")).contains("[PREFILL=", "][DECODE====");
    assertThat(line(lines, "worker DP 0 TP 1")).contains("[PREFILL=", "][DECODE====");
    assertThat(line(lines, "PREFILL")).contains("62.0 ms", "56.0 ms", "17.9 %");
  }

  @Test
  void barsBeginAndEndWhereTheirTimesSay() {
    List<String> lines =
        LaneText.draw(SampleTrace.chat(ID, 1_000_000_000).stored(), 200).lines().toList();

    String decode = line(lines, "worker DP 0 TP 0");
    String post = line(lines, "postprocess");
    assertThat(decode.indexOf("[DECODE")).isCloseTo(post.indexOf("[POSTPROCESSING"), offset(1));
    assertThat(post.lastIndexOf(']')).isGreaterThan(decode.lastIndexOf(']'));
  }

  @Test
  void anEmptyDurationAndANarrowTerminalAreDrawnToo() {
    SampleTrace moment = SampleTrace.empty(ID, 5);
    moment.root("GET /", 0, 0);

    String drawing = LaneText.draw(moment.stored(), 1);

    assertThat(drawing).contains("GET /", "0 ns", "1 span, 1 process");
    assertThat(drawing.lines()).allMatch(line -> line.length() <= 60);
  }

  @Test
  void strangersTextReachesTheTerminalWithoutControlCharacters() {
    SampleTrace hostile = SampleTrace.empty(ID, 5);
    String root = hostile.root("\u001b[2Jboo\r\n\u202e", 0, 1_000);
    hostile.lane("a\u0007b", root, "\u001b]0;title\u0007", 3, 0, 0);

    String drawing = LaneText.draw(hostile.stored(), 80);

    assertThat(drawing).contains("?[2Jboo???");
    assertThat(drawing.replace("\n", "").chars()).allMatch(c -> c >= ' ' && c <= '~');
  }

  @Test
  void failuresStandOut() {
    SampleTrace failing = SampleTrace.empty(ID, 5);
    String root = failing.root("POST /v1/completions", 0, 10 * SampleTrace.MILLI);
    String lane = failing.lane("engine", root, "worker", 0, 0, 10);
    failing.any(
        "engine",
        failing
            .span("DECODE", lane, 0, 9 * SampleTrace.MILLI)
            .setStatus(SampleTrace.failure("rank 1 died")));

    List<String> lines = LaneText.draw(failing.stored(), 90).lines().toList();

    assertThat(lines.get(0)).endsWith("1 error");
    assertThat(line(lines, "worker DP 0 TP 0")).contains("[DECODE!!!!");
    assertThat(line(lines, "DECODE")).endsWith("failed");
  }

  private static String line(List<String> lines, String label) {
    return lines.stream()
        .filter(line -> line.strip().startsWith(label + " "))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line for " + label + " in " + lines));
  }
}
