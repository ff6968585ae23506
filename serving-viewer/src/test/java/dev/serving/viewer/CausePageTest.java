package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Why requests were slow, one by one and all together, and what was said in them. */
class CausePageTest extends PageSetup {
  private static final long ZERO = 1_795_234_507_615_000_000L;
  private static final String ATTACK = "<img src=x onerror=\"window.hacked=1\">";

  @Test
  void oneRequestsCausesAreABarWithItsCulprits() throws IOException {
    client.exportProtobuf(
        Asked.of(
            id(1), ZERO, "demo", 10, Map.of("own", 60L, "queue.budget", 30L, "client_in", 10L)));
    open("trace/" + id(1), ".blame");

    assertThat(count(".blame-piece")).isEqualTo(3);
    assertThat(text(".blame-piece:first-child")).as("as a request meets them").isEmpty();
    assertThat(text(".blame"))
        .contains("60 % of 100 ms went to own", "queue.budget 30.0 ms 30 %", "c0ffee11")
        .contains("the first token came after 20.0 ms", "token 4 took longest", "others.prefill");
    assertThat(browser.evaluate("document.querySelector('.blame-culprits a').pathname").asString())
        .isEqualTo("/trace/" + Asked.CULPRIT);
    assertThat(count(".tokens path.cause-others"))
        .as("the worst, and one with prompts")
        .isEqualTo(2);
    assertThat(count(".tokens path.cause-own")).as("until the first").isEqualTo(1);
    assertThat(text(".tokens .blame-causes")).contains("others.prefill 2 tokens", "own 1 token");
    Screenshots.keep(browser, "causes-of-one");
  }

  @Test
  void causesThatNoRootSaysAreToldFromItsSpans() throws IOException {
    client.exportProtobuf(Judgeable.step(ZERO));
    client.exportProtobuf(Judgeable.request(id(1), ZERO));
    open("trace/" + id(1), ".blame");

    assertThat(count(".blame-piece")).isEqualTo(5);
    assertThat(text(".blame"))
        .contains("76 % of 13.0 ms went to others.prefill", "first token came after 12.0 ms")
        .contains("Told anew from the spans of 1 step.");
    assertThat(browser.evaluate("document.querySelector('.blame-culprits a').pathname").asString())
        .isEqualTo("/trace/" + Judgeable.CULPRIT);
    Screenshots.keep(browser, "causes-from-spans");
  }

  @Test
  void promptAndAnswerAreShownToWhoOpensThem() throws IOException {
    client.exportProtobuf(Asked.of(id(1), ZERO, "demo", 10, Map.of("own", 60L)));
    open("trace/" + id(1), ".content");

    assertThat(browser.evaluate("document.querySelector('.content').open").asBoolean()).isFalse();
    click(".content summary");
    assertThat(count(".message")).isEqualTo(3);
    assertThat(text(".content"))
        .contains("system", "Be brief.", "user", "What is a slice?")
        .contains("assistant", "stop", "Named work.");
    Screenshots.keep(browser, "content");
  }

  @Test
  void whatStrangersSaidIsTextWhateverItIs() {
    String cut = Asked.INPUT.substring(0, 60) + ATTACK;
    String odd = "[null,3,{\"role\":{\"a\":1},\"parts\":[null,{\"type\":\"x\"}]},\"" + "<b>\"]";
    client.exportProtobuf(
        Asked.of(id(1), ZERO, ATTACK, 10, Map.of(ATTACK, 60L, "own", 40L), cut, odd));
    open("trace/" + id(1), ".content");
    click(".content summary");
    assertThat(text(".content")).contains("user (cut)", ATTACK, "<b>", "[object Object]");
    assertThat(text(".blame")).contains(ATTACK);
    open("stats?by=user.id", ".tail");
    assertThat(text(".tail")).contains(ATTACK, "team-" + ATTACK);
    open("?cause=" + Client.encode(ATTACK), ".traces tbody tr");
    assertThat(browser.evaluate("document.querySelector('[name=cause]').value").asString())
        .isEqualTo(ATTACK);
    assertThat(browser.evaluate("window.hacked === undefined").asBoolean()).isTrue();
    assertThat(count("main img")).isZero();
  }

  @Test
  void theTailIsExplainedByItsCause() throws IOException {
    for (int i = 1; i <= 18; i++) {
      client.exportProtobuf(
          Asked.of(id(i), ZERO + i, "small", 100, Map.of("own", 50L, "queue.budget", 10L)));
    }
    client.exportProtobuf(
        Asked.of(id(19), ZERO, "large", 900, Map.of("own", 70L, "queue.budget", 190L)));
    client.exportProtobuf(
        Asked.of(id(20), ZERO, "large", 1_100, Map.of("own", 70L, "queue.budget", 190L)));
    open("stats", ".tail");

    // Longer by 20 ms of its own and 180 ms of waiting: nine tenths.
    assertThat(text(".tail")).contains("slowest 2 of 20 requests", "90 %", "is queue.budget");
    assertThat(text(".causes tbody tr:first-child"))
        .contains("queue.budget", "28.0 ms", "190 ms", "90 %");
    assertThat(text(".groups tbody tr:first-child")).contains("small", "18", "60.0 ms");
    Screenshots.keep(browser, "causes-of-many");

    browser.evaluate(
        "{const s = document.querySelector('[name=grouping]'); s.value = 'prompt';"
            + " s.dispatchEvent(new Event('change'))}");
    browser.await("document.querySelector('.groups').textContent.includes('up to 1,024 tokens')");
    assertThat(text(".groups tbody")).contains("up to 128 tokens", "up to 2,048 tokens");
    assertThat(browser.evaluate("location.search").asString()).isEqualTo("?by=prompt");

    click(".causes tbody tr:first-child a");
    browser.await("document.querySelectorAll('.traces tbody tr').length === 2");
    assertThat(browser.evaluate("location.search").asString()).isEqualTo("?cause=queue.budget");
  }

  @Test
  void theListIsFilteredAndSortedByCauseAndStage() {
    client.exportProtobuf(Asked.of(id(1), ZERO, "a", 1, Map.of("own", 50L, "pause", 30L)));
    client.exportProtobuf(Asked.of(id(2), ZERO + 1, "a", 1, Map.of("own", 90L, "pause", 20L)));
    client.exportProtobuf(Asked.of(id(3), ZERO + 2, "a", 1, Map.of("own", 10L, "pause", 60L)));
    open("?cause=pause", ".traces tbody tr");
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("3");
    open("?cause=pause&causeMin=25ms&sort=start", ".traces tbody tr");
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("1 3");
    open("?stage=DECODE&stageMax=60ms&sort=-stage", ".traces tbody tr");
    assertThat(browser.evaluate(ORDER).asString()).as("59 and 49 ms").isEqualTo("1 3");
    assertThat(text("[data-sort=stage]")).contains("DECODE");
    open("?stage=DECODE&sort=stage", ".traces tbody tr");
    assertThat(browser.evaluate(ORDER).asString()).isEqualTo("3 1 2");
  }

  private static final String ORDER =
      "[...document.querySelectorAll('.traces tbody tr')]"
          + ".map(row => Number('0x' + row.dataset.id)).join(' ')";

  private void open(String path, String shown) {
    browser.open(viewer.uri().resolve("/" + path));
    browser.await(
        "location.href.endsWith('%s') && document.querySelector('%s')"
            .formatted(path.replace("'", "%27"), shown));
  }

  private static String id(int id) {
    return "%032x".formatted(id);
  }
}
