package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list in a real Chromium: what it says of a request, its order, its filters and its plot. */
class ListPageTest extends PageSetup {
  private static final long ZERO = 1_795_234_507_615_000_000L;

  @Test
  void aRequestSaysWhatItWas() throws IOException {
    request(1, 300, 200, 50, "serving-demo");
    openList("", 1);

    assertThat(headings())
        .contains("First token", "In", "Out", "Model", "Status", "Ending", "Ranks", "Top cause");
    assertThat(browser.evaluate("document.querySelector('.traces tbody').textContent").asString())
        .contains("150 ms", "128", "50", "serving-demo", "200", "length", "batch_interference");
    Screenshots.keep(browser, "list");
  }

  @Test
  void theHeadsSortEverythingAndSaySo() {
    request(1, 300, 200, 50, "b");
    request(2, 100, 200, 70, "a");
    request(3, 200, 500, 60, "c");
    openList("", 3);
    assertThat(sorted("start")).isEqualTo("descending");

    click("[data-sort=tokens_out]");
    browser.await("%s === '2 3 1'".formatted(ORDER));
    assertThat(sorted("tokens_out")).isEqualTo("descending");
    assertThat(browser.evaluate("location.search").asString()).isEqualTo("?sort=-tokens_out");
    // The focus stays where it was, though the table is another.
    browser.evaluate("document.querySelector('[data-sort=model]').focus()");
    click("[data-sort=model]");
    browser.await("%s === '2 1 3'".formatted(ORDER));
    assertThat(sorted("model")).isEqualTo("ascending");
    assertThat(browser.evaluate("document.activeElement.dataset.sort").asString())
        .isEqualTo("model");

    openList("?sort=duration", 3);
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("2 3 1");
  }

  @Test
  void aLinkShowsWhatItsFiltersShow() {
    request(1, 300, 200, 50, "a");
    request(2, 100, 503, 70, "a");
    request(3, 200, 200, 60, "a");

    openList("?status=5xx", 1);
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("2");
    openList("?minDuration=150ms&maxDuration=250ms", 1);
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("3");
    openList("?stage=PREFILL&stageMin=120ms", 1);
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("1");
    openList("?id=req-3", 1);
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("3");
    long first = ZERO / 1_000_000 + 1_000;
    openList("?from=" + first + "&to=" + (first + 1_000) + "&sort=start", 2);
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("1 2");
    assertThat(browser.evaluate("document.querySelector('.more').open").asBoolean()).isTrue();
  }

  @Test
  void draggingInThePlotTakesAStretchOfTime() {
    for (int i = 1; i <= 9; i++) {
      request(i, 100, 200, 50, "a");
    }
    openList("?sort=start", 9);
    var plot =
        browser.evaluate("document.querySelector('.scatter').getBoundingClientRect().toJSON()");
    double left = plot.path("x").asDouble();
    double width = plot.path("width").asDouble();
    double y = plot.path("y").asDouble() + 10;

    browser.mouse("mousePressed", left + width * 0.45, y);
    browser.mouse("mouseMoved", left + width * 0.6, y);
    browser.mouse("mouseMoved", left + width * 0.7, y);
    browser.mouse("mouseReleased", left + width * 0.7, y);

    browser.await("%s === '5 6'".formatted(ORDER));
    assertThat(browser.evaluate("location.search").asString()).contains("from=", "to=");
    click(".hint-below .jump");
    browser.await("document.querySelectorAll('.traces tbody tr').length === 9");
  }

  @Test
  void strangersFactsAreTextAndFitAPhone() {
    String attack = "<img src=x onerror=window.hacked=1>".repeat(4);
    request(1, 300, 200, 50, attack);
    browser.size(390, 800);
    try {
      openList("", 1);
      assertThat(browser.evaluate("document.querySelector('td.model').textContent").asString())
          .isEqualTo(attack);
      assertThat(browser.evaluate("window.hacked === undefined").asBoolean()).isTrue();
      assertThat(browser.evaluate("document.documentElement.scrollWidth - innerWidth").asInt())
          .isLessThanOrEqualTo(0);
    } finally {
      browser.size(1400, 900);
    }
  }

  private static final String ORDER =
      "[...document.querySelectorAll('.traces tbody tr')]"
          + ".map(row => Number('0x' + row.dataset.id)).join(' ')";

  private void request(int id, long millis, int status, int out, String model) {
    SampleTrace trace =
        SampleTrace.empty("%032x".formatted(id), ZERO + id * 1_000L * SampleTrace.MILLI);
    String root =
        trace.any(
            "frontend",
            trace
                .span("POST /v1/chat/completions", null, 0, millis * SampleTrace.MILLI)
                .addAttributes(SampleTrace.text("rid", "req-" + id))
                .addAttributes(SampleTrace.number("http.response.status_code", status))
                .addAttributes(SampleTrace.number("gen_ai.usage.input_tokens", 128))
                .addAttributes(SampleTrace.number("gen_ai.usage.output_tokens", out))
                .addAttributes(SampleTrace.text("gen_ai.response.model", model))
                .addAttributes(SampleTrace.text("blame.top", "batch_interference"))
                .addAttributes(SampleTrace.list("gen_ai.response.finish_reasons", "length")));
    String worker = trace.lane("engine", root, "worker", 0, 0, millis);
    trace.slice("engine", worker, "PREFILL", 0, millis / 2, null);
    client.exportProtobuf(trace);
  }

  private void openList(String query, int rows) {
    browser.open(viewer.uri().resolve("/" + query));
    browser.await("document.querySelectorAll('.traces tbody tr').length === " + rows);
  }

  private static String sorted(String column) {
    return browser
        .evaluate(
            "document.querySelector('[data-sort=%s]').closest('th').ariaSort".formatted(column))
        .asString();
  }

  private static List<String> headings() {
    List<String> names = new ArrayList<>();
    browser
        .evaluate("[...document.querySelectorAll('.traces th')].map(head => head.textContent)")
        .forEach(name -> names.add(name.asString().replaceAll("[ ▲▼]+$", "")));
    return names;
  }
}
