package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page, in a real Chromium; skipped with a word where there is none. */
class PageTest extends PageSetup {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final long ZERO = 1_795_234_507_615_000_000L;

  @Test
  void anEmptyListSaysWhereToSendTraces() {
    browser.open(viewer.uri());

    browser.await("document.querySelector('.notice')");
    assertThat(text(".notice")).contains("No trace has arrived yet", viewer.uri() + "v1/traces");
  }

  @Test
  void theListShowsTracesAsTheyArrive() {
    browser.open(viewer.uri());
    browser.await("document.querySelector('.notice')");

    client.exportProtobuf(SampleTrace.chat(ID, ZERO));

    browser.await("document.querySelectorAll('.traces tbody tr').length === 1");
    assertThat(text(".traces tbody tr"))
        .contains(
            "POST /v1/chat/completions", "312 ms", "13", "serving-engine", ID.substring(0, 8));
    assertThat(browser.evaluate("document.querySelector('.traces a').pathname").stringValue())
        .isEqualTo("/trace/" + ID);
  }

  @Test
  void theListCanBeFiltered() {
    client.exportProtobuf(SampleTrace.chat(ID, ZERO));
    SampleTrace failing = SampleTrace.empty("0".repeat(31) + "2", ZERO);
    failing.any(
        "other", failing.span("embed", null, 0, 900).setStatus(SampleTrace.failure("no memory")));
    client.exportProtobuf(failing);
    browser.open(viewer.uri());
    browser.await("document.querySelectorAll('.traces tbody tr').length === 2");

    browser.evaluate("document.querySelector('[name=errors]').click()");
    browser.await("document.querySelectorAll('.traces tbody tr').length === 1");
    assertThat(text(".traces tbody")).contains("embed", "1 error");
    assertThat(browser.evaluate("location.search").stringValue()).isEqualTo("?errors=true");

    browser.evaluate("document.querySelector('[name=errors]').click()");
    type("[name=minDuration]", "1ms");
    browser.await(
        "document.querySelector('.traces tbody')?.textContent.includes('completions')"
            + " && document.querySelectorAll('.traces tbody tr').length === 1");

    type("[name=minDuration]", "soon");
    browser.await("document.querySelector('.notice')");
    assertThat(text(".notice")).contains("minDuration", "100ms");
    // The refused filter is the one complaint that there should be.
    assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("400"));
    browser.complaints().clear();
  }

  @Test
  void theListCanBeFilteredByAttributes() {
    client.exportProtobuf(SampleTrace.chat(ID, ZERO));
    String hostile = "</script><script>document.title='owned'</script>\"'&";
    SampleTrace other = SampleTrace.empty("0".repeat(31) + "2", ZERO);
    other.any(
        "other",
        other
            .span("embed", null, 0, 900)
            .addAttributes(SampleTrace.number("tokens", 200))
            .addAttributes(SampleTrace.text("note", hostile)));
    client.exportProtobuf(other);
    browser.open(viewer.uri());
    browser.await("document.querySelectorAll('.traces tbody tr').length === 2");

    type("[name=where]", "tokens>100");
    browser.await("document.querySelectorAll('.traces tbody tr').length === 1");
    assertThat(text(".traces tbody")).contains("embed");
    assertThat(browser.evaluate("location.search").stringValue()).isEqualTo("?where=tokens%3E100");

    type("[name=where]", "note=" + hostile.replace("'", "\\'") + " and tokens<201");
    browser.await("document.querySelectorAll('.traces tbody tr').length === 1");
    type("[name=where]", "note=" + hostile.replace("'", "\\'") + " and tokens<200");
    browser.await("document.querySelector('.notice')");
    assertThat(browser.evaluate("document.title").stringValue()).isNotEqualTo("owned");
  }

  @Test
  void aTraceIsDrawnInLanesWithBarsAndArrows() {
    openTrace(SampleTrace.chat(ID, ZERO), 13);

    assertThat(texts(".process-name"))
        .extracting(name -> name.replaceAll("pid.*", ""))
        .containsExactly("serving-frontend", "serving-engine", "serving-worker-1");
    assertThat(texts(".lane-name"))
        .containsExactly(
            "request",
            "preprocess",
            "postprocess",
            "scheduler",
            "workerDP 0 TP 0",
            "workerDP 0 TP 1");
    assertThat(texts(".bar.whole > span"))
        .containsExactlyInAnyOrder(
            "PREPROCESSING",
            "SCHEDULE",
            "PREFILL",
            "PREFILL",
            "DECODE",
            "DECODE",
            "POSTPROCESSING");
    assertThat(browser.evaluate("document.querySelectorAll('.bar.lane').length").asInt())
        .isEqualTo(5);
    assertThat(browser.evaluate("document.querySelectorAll('.bar.root').length").asInt())
        .isEqualTo(1);
    assertThat(browser.evaluate("document.querySelectorAll('.arrow').length").asInt()).isEqualTo(6);
    assertThat(texts(".stages tbody tr:not(.waiting) th button"))
        .containsExactly(
            "PREPROCESSING",
            "SCHEDULE",
            "PREFILL",
            "PREFILL",
            "DECODE",
            "DECODE",
            "POSTPROCESSING");
    assertThat(text(".stages tbody tr:nth-child(2)")).contains("13.0 ms", "48.0 ms", "15 %");
    assertThat(text(".heading")).contains("POST /v1/chat/completions", "312 ms", "13", ID);
  }

  @Test
  void barsLieWhereTheirTimesSay() {
    openTrace(SampleTrace.chat(ID, ZERO), 13);

    JsonNode root = box("root");
    JsonNode decode = box("stage-decode.whole");
    double scale = root.path("width").asDouble() / 312;
    assertThat(decode.path("x").asDouble() - root.path("x").asDouble())
        .isCloseTo(118 * scale, offset(1.5));
    assertThat(decode.path("width").asDouble()).isCloseTo(182 * scale, offset(1.5));
  }

  @Test
  void choosingASpanShowsItsDetailsAndItsLinks() {
    SampleTrace sample = SampleTrace.chat(ID, ZERO);
    sample.any(
        "engine",
        sample
            .span("SCHEDULE", "0000000000000004", 20 * SampleTrace.MILLI, 60 * SampleTrace.MILLI)
            .addAttributes(SampleTrace.text("waiting_for", "blocks"))
            .addEvents(
                Span.Event.newBuilder()
                    .setName("preempted")
                    .setTimeUnixNano(ZERO + 30 * SampleTrace.MILLI))
            .addLinks(
                Span.Link.newBuilder()
                    .setTraceId(SampleTrace.bytes("0".repeat(30) + "ff"))
                    .setSpanId(SampleTrace.bytes("0".repeat(14) + "ff"))));
    openTrace(sample, 14);

    browser.evaluate("document.querySelector('[data-id=\"000000000000000e\"]').click()");

    assertThat(text(".details"))
        .contains("SCHEDULE", "40.0 ms", "waiting_for", "blocks", "preempted", "at 30.0 ms");
    assertThat(browser.evaluate("document.querySelector('.links a').pathname").stringValue())
        .isEqualTo("/trace/" + "0".repeat(30) + "ff");

    browser.evaluate("document.querySelector('[data-id=\"0000000000000007\"]').click()");
    assertThat(texts(".links .jump")).contains("SCHEDULE", "DECODE");
    assertThat(browser.evaluate("document.querySelectorAll('.arrow.chosen').length").asInt())
        .isGreaterThan(1);
    browser.evaluate("document.querySelector('.links .jump').click()");
    assertThat(text(".details h2")).isEqualTo("SCHEDULE");
  }

  @Test
  void theKeyboardZoomsMovesAndWalks() {
    openTrace(SampleTrace.chat(ID, ZERO), 13);
    double whole = box("root").path("width").asDouble();

    browser.evaluate("document.querySelector('.board').focus()");
    browser.press("+");
    assertThat(text(".range")).contains("–");
    double decode = box("stage-decode.whole").path("width").asDouble();
    browser.press("0");
    assertThat(text(".range")).isEqualTo("312 ms");
    assertThat(decode).isGreaterThan(whole * 182 / 312);

    browser.evaluate("document.querySelector('.bar.root').focus()");
    browser.press("ArrowDown");
    browser.press("ArrowRight");
    assertThat(text(".details h2")).isEqualTo("PREPROCESSING");
    assertThat(browser.evaluate("document.activeElement.getAttribute('aria-label')").stringValue())
        .isEqualTo("PREPROCESSING 12.0 ms, begins at 1.00 ms, preprocess");
    browser.press("Escape");
    assertThat(text(".details h2")).isEqualTo("POST /v1/chat/completions");
  }

  @Test
  void theMouseZoomsAndDrags() {
    openTrace(SampleTrace.chat(ID, ZERO), 13);
    JsonNode root = box("root");
    double middle = root.path("x").asDouble() + root.path("width").asDouble() / 2;
    double y = root.path("y").asDouble() + 60;

    browser.wheel(middle, y, -300, true);
    browser.await("document.querySelector('.range').textContent.includes('–')");
    String zoomed = text(".range");

    browser.mouse("mousePressed", middle, y);
    browser.mouse("mouseMoved", middle - 100, y);
    browser.mouse("mouseReleased", middle - 100, y);
    assertThat(text(".range")).contains("–").isNotEqualTo(zoomed);
  }

  @Test
  void strangersTextIsShownAndNeverRun() {
    String attack = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";
    SampleTrace hostile = SampleTrace.empty(ID, ZERO);
    String root =
        hostile.any(
            attack,
            hostile
                .span(attack, null, 0, 1_000_000)
                .setStatus(SampleTrace.failure(attack))
                .addAttributes(SampleTrace.text(attack, attack))
                .addAttributes(SampleTrace.text("__proto__", "javascript:alert(1)"))
                .addEvents(Span.Event.newBuilder().setName(attack).setTimeUnixNano(ZERO)));
    hostile.lane(attack, root, attack, 0, 0, 1);
    openTrace(hostile, 2);

    browser.evaluate("document.querySelector('.bar.root').click()");
    browser.evaluate(
        "document.querySelector('.bar.root').dispatchEvent("
            + "new PointerEvent('pointermove', {bubbles: true, clientX: 400}))");

    assertThat(text("h1")).isEqualTo(attack);
    assertThat(text(".details")).contains(attack, "__proto__");
    assertThat(text(".tip")).contains(attack);
    browser.open(viewer.uri());
    browser.await("document.querySelector('.traces')");
    assertThat(text(".traces tbody")).contains(attack);
    assertThat(browser.evaluate("window.hacked === undefined").asBoolean()).isTrue();
    assertThat(browser.evaluate("document.querySelectorAll('main img').length").asInt()).isZero();
  }

  @Test
  void aTraceThatIsNotHereSaysSo() {
    browser.open(viewer.uri().resolve("trace/" + ID));

    browser.await("document.querySelector('.notice')");
    assertThat(text(".notice")).contains("never received, or evicted");
    browser.complaints().clear();
  }

  @Test
  void aTraceThatGrowsIsDrawnAgain() {
    SampleTrace half = SampleTrace.empty(ID, ZERO);
    half.root("POST /v1/chat/completions", 0, 312 * SampleTrace.MILLI);
    openTrace(half, 1);

    client.exportProtobuf(SampleTrace.chat(ID, ZERO));

    browser.await("document.querySelectorAll('.bar').length === 13");
  }

  @Test
  void aLargeTraceIsDrawnWithFewElements() {
    SampleTrace large = SampleTrace.chat(ID, ZERO);
    for (int i = 0; i < 8_000; i++) {
      long at = 118 * SampleTrace.MILLI + i * 20_000L;
      large.any("engine", large.span("step", "0000000000000008", at, at + 18_000));
    }
    client.exportProtobuf(large);

    browser.open(viewer.uri().resolve("trace/" + ID));
    browser.await("document.querySelectorAll('.bar').length > 13");

    assertThat(browser.evaluate("document.querySelectorAll('.bar').length").asInt())
        .isLessThan(1_000);
    assertThat(text(".facts")).contains("8,013");
  }

  @Test
  void everythingFitsANarrowScreen() {
    browser.size(420, 900);
    try {
      openTrace(SampleTrace.chat(ID, ZERO), 13);
      assertThat(overflow()).isZero();
      browser.open(viewer.uri());
      browser.await("document.querySelector('.traces')");
      assertThat(overflow()).isZero();
    } finally {
      browser.size(1400, 900);
    }
  }

  @Test
  void thePageMayLoadNothingFromElsewhere() {
    HttpResponse<byte[]> page = client.get("");

    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    String tag = page.headers().firstValue("etag").orElseThrow();
    assertThat(client.get("", "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(client.get("page/main.js").statusCode()).isEqualTo(200);
    assertThat(client.get("page/..%2fViewer.class").statusCode()).isEqualTo(404);
    assertThat(client.get("page/Viewer.class").statusCode()).isEqualTo(404);
  }

  private void openTrace(SampleTrace trace, int spans) {
    client.exportProtobuf(trace);
    browser.open(viewer.uri().resolve("trace/" + ID));
    browser.await("document.querySelectorAll('.bar').length === " + spans);
  }

  private static int overflow() {
    return browser
        .evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        .asInt();
  }

  private static JsonNode box(String kind) {
    return browser.evaluate(
        "document.querySelector('.bar." + kind + "').getBoundingClientRect().toJSON()");
  }

  private static void type(String input, String value) {
    browser.evaluate(
        "{const i = document.querySelector('%s'); i.value = '%s';".formatted(input, value)
            + " i.dispatchEvent(new Event('input', {bubbles: true}))}");
  }

  private static List<String> texts(String selector) {
    List<String> texts = new ArrayList<>();
    browser
        .evaluate("[...document.querySelectorAll('" + selector + "')].map(n => n.textContent)")
        .forEach(text -> texts.add(text.stringValue()));
    return texts;
  }
}
