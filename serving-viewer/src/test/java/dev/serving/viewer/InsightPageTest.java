package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** One trace beside others in a real Chromium: waits, what is usual, search, comparison. */
class InsightPageTest extends PageSetup {
  private static final long ZERO = 1_795_234_507_615_000_000L;
  private static final String ATTACK = "<img src=x onerror=\"window.hacked=1\">";

  @Test
  void gapsBetweenStagesAreWaitingAndNamed() throws IOException {
    open(1);

    browser.await("document.querySelectorAll('.wait').length === 2");
    assertThat(
            browser
                .evaluate("document.querySelector('.wait').getAttribute('aria-label')")
                .asString())
        .isEqualTo("waiting, SCHEDULE → PREFILL, 1.00 ms");
    assertThat(text(".stages tbody tr.waiting")).contains("waiting", "SCHEDULE → PREFILL");
    Screenshots.keep(browser, "trace");
  }

  @Test
  void eachStageStandsBesideWhatIsUsual() {
    for (int i = 2; i <= 9; i++) {
      client.exportProtobuf(SampleTrace.chat(id(i), ZERO + i));
    }
    SampleTrace slow = SampleTrace.empty(id(1), ZERO);
    String root = slow.root("POST /v1/chat/completions", 0, 500 * SampleTrace.MILLI);
    slow.slice("engine", root, "PREFILL", 0, 400, null);
    client.exportProtobuf(slow);
    browser.open(viewer.uri().resolve("trace/" + id(1)));

    browser.await("document.querySelector('tr.slow')");
    assertThat(text(".like")).contains("8 recent requests");
    assertThat(text("tr.slow")).contains("PREFILL", "400 ms", "slow", "56.0 ms", "57.0 ms");
  }

  @Test
  void theSearchMarksAndWalks() {
    open(1);
    browser.evaluate(
        "{const i = document.querySelector('[name=find]'); i.value = 'decode';"
            + " i.dispatchEvent(new Event('input', {bubbles: true})); i.focus()}");

    assertThat(text(".found-count")).isEqualTo("2 spans");
    assertThat(count(".bar.found")).isEqualTo(2);
    browser.press("Enter");
    assertThat(text(".found-count")).isEqualTo("1 of 2 spans");
    assertThat(text(".details h2")).isEqualTo("DECODE");
    assertThat(browser.evaluate("document.activeElement.name").asString()).isEqualTo("find");
  }

  @Test
  void thePathOfCauseFollowsTheLinks() {
    open(1);

    browser.evaluate(
        "[...document.querySelectorAll('.toolbar button')]"
            + ".find(button => button.textContent === 'Path of cause').click()");

    assertThat(count(".show-path .bar.on-path")).isEqualTo(5);
    assertThat(count(".show-path .arrow.on-path")).isEqualTo(4);
  }

  @Test
  void stepsAreTokensAlongTime() {
    SampleTrace trace = SampleTrace.chat(id(1), ZERO);
    for (int i = 0; i < 20; i++) {
      long at = (120 + i * 4L) * SampleTrace.MILLI;
      trace.any("engine", trace.span("step", "0000000000000008", at, at + SampleTrace.MILLI));
    }
    client.exportProtobuf(trace);
    browser.open(viewer.uri().resolve("trace/" + id(1)));

    browser.await("document.querySelector('.tokens')");
    assertThat(text(".tokens")).contains("21 tokens", "4.00 ms");
  }

  @Test
  void fiveThousandSpansAreDrawnInOneGo() {
    SampleTrace trace = SampleTrace.chat(id(1), ZERO);
    for (int i = 0; i < 5_000; i++) {
      long at = 118 * SampleTrace.MILLI + i * 30_000L;
      trace.any("engine", trace.span("step", "0000000000000008", at, at + 28_000));
    }
    client.exportProtobuf(trace);
    browser.open(viewer.uri().resolve("trace/" + id(1)));
    browser.await("document.querySelectorAll('.bar').length > 13");

    System.out.println(
        "5,013 spans: from the address to the drawing "
            + browser.evaluate(
                "performance.getEntriesByName('trace drawn')[0].startTime.toFixed(0) + ' ms'"));
    // Drawing it is one mark, and makes elements only for what can be seen.
    assertThat(browser.evaluate("performance.getEntriesByName('trace drawn').length").asInt())
        .isEqualTo(1);
    assertThat(count(".bar")).isLessThan(1_500);
  }

  @Test
  void twoTracesAreComparedStageByStage() throws IOException {
    client.exportProtobuf(SampleTrace.chat(id(1), ZERO));
    SampleTrace other = SampleTrace.empty(id(2), ZERO);
    String root = other.root(ATTACK, 0, 624 * SampleTrace.MILLI);
    other.slice("engine", root, "PREFILL", 0, 114, null);
    client.exportProtobuf(other);
    browser.open(viewer.uri().resolve("compare?a=" + id(1) + "&b=" + id(2)));

    browser.await("document.querySelector('.compared')");
    assertThat(text(".compared tbody tr:first-child")).contains("312 ms", "624 ms", "× 2.00");
    assertThat(text(".compared")).contains("PREFILL", "57.0 ms", "114 ms", "+57.0 ms", ATTACK);
    assertThat(browser.evaluate("window.hacked === undefined").asBoolean()).isTrue();
    Screenshots.keep(browser, "compare");
  }

  @Test
  void statisticsAreOfTheTracesThatTheFiltersChoose() throws IOException {
    for (int i = 1; i <= 12; i++) {
      client.exportProtobuf(SampleTrace.chat(id(i), ZERO + i * 1_000L * SampleTrace.MILLI));
    }
    SampleTrace failed = SampleTrace.empty(id(20), ZERO);
    failed.any(
        "frontend",
        failed
            .span("POST", null, 0, 900 * SampleTrace.MILLI)
            .setStatus(SampleTrace.failure("no memory"))
            .addAttributes(SampleTrace.text("error.type", ATTACK)));
    client.exportProtobuf(failed);
    browser.open(viewer.uri().resolve("stats"));

    browser.await("document.querySelectorAll('.stages').length === 3");
    assertThat(text("main")).contains("13 traces, 1 failed", "DECODE", "182 ms", ATTACK, "900 ms");
    assertThat(browser.evaluate("window.hacked === undefined").asBoolean()).isTrue();
    Screenshots.keep(browser, "stats");
    browser.open(viewer.uri().resolve("stats?minDuration=800ms"));
    browser.await("document.querySelector('main').textContent.includes('1 trace, 1 failed')");
    assertThat(client.json("viewer/stats").path("atMost").isNull()).isTrue();
    assertThat(client.json("viewer/stats?limit=5").path("atMost").asInt()).isEqualTo(5);
  }

  @Test
  void statisticsOfManySayOfHowManyTheyAre() {
    ExportTraceServiceRequest.Builder many = ExportTraceServiceRequest.newBuilder();
    for (int i = 1; i <= 2_001; i++) {
      SampleTrace trace = SampleTrace.empty(id(i), ZERO + i);
      trace.root("POST", 0, 10);
      many.mergeFrom(trace.request());
    }
    client.export("application/x-protobuf", many.build().toByteArray());
    browser.open(viewer.uri().resolve("stats"));
    browser.await("document.querySelector('main').textContent.includes('The latest 2,000 traces')");
  }

  @Test
  void perfettoGetsATrackForEachRowAndAFlowForEachLink() throws IOException {
    client.exportProtobuf(SampleTrace.chat(id(1), ZERO));

    byte[] bytes = client.get("viewer/traces/" + id(1) + "/perfetto").body();

    CodedInputStream in = CodedInputStream.newInstance(bytes);
    int packets = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      assertThat(tag).isEqualTo((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
      in.skipRawBytes(in.readRawVarint32());
      packets++;
    }
    // Three processes, six lanes with a row each; a begin and an end for each of 13 spans.
    assertThat(packets).isEqualTo(3 + 6 + 6 + 2 * 13);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("serving-engine", "DECODE");
  }

  private void open(int id) {
    client.exportProtobuf(SampleTrace.chat(id(id), ZERO));
    browser.open(viewer.uri().resolve("trace/" + id(id)));
    browser.await("document.querySelectorAll('.bar').length === 13");
  }

  private static String id(int id) {
    return "%032x".formatted(id);
  }
}
