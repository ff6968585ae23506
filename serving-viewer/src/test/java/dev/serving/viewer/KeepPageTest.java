package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.store.StoreConfig;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pinning traces, and picking two of them. */
class KeepPageTest extends PageSetup {
  private static final long ZERO = 1_795_234_507_615_000_000L;

  @Test
  void aTraceIsPinnedAndLetGo() {
    client.exportProtobuf(SampleTrace.chat(id(1), ZERO));
    client.exportProtobuf(SampleTrace.chat(id(2), ZERO));
    browser.open(viewer.uri().resolve("trace/" + id(1)));
    browser.await("document.querySelector('.pin')");

    click(".pin");
    browser.await("document.querySelector('.pin').ariaPressed === 'true'");
    assertThat(viewer.store().isPinned(id(1))).isTrue();
    browser.open(viewer.uri().resolve("?pinned=true"));
    browser.await("document.querySelectorAll('.traces tbody tr').length === 1");
    assertThat(text(".traces tbody")).contains("pinned");

    browser.open(viewer.uri().resolve("trace/" + id(1)));
    browser.await("document.querySelector('.pin')?.textContent === 'pinned'");
    click(".pin");
    browser.await("document.querySelector('.pin').textContent === 'pin'");
    assertThat(viewer.store().isPinned(id(1))).isFalse();
  }

  @Test
  void whereThereIsNoRoomItSaysSo() {
    viewer.close();
    viewer =
        Viewer.start(ViewerConfig.defaults().withPort(0).withStore(new StoreConfig(60, 1 << 20)));
    client = new Client(viewer);
    client.exportProtobuf(SampleTrace.chat(id(1), ZERO));
    client.exportProtobuf(SampleTrace.chat(id(2), ZERO));
    client.method("PUT", "viewer/traces/2/pin");
    browser.open(viewer.uri().resolve("trace/" + id(1)));
    browser.await("document.querySelector('.pin')");

    click(".pin");
    browser.await("document.querySelector('.id').textContent.includes('a quarter of the store')");

    assertThat(text(".pin")).isEqualTo("pin");
    browser.complaints().removeIf(complaint -> complaint.contains("409"));
  }

  @Test
  void overHttpTheAnswersSayWhatBecameOfIt() {
    client.exportProtobuf(SampleTrace.chat(id(1), ZERO));

    assertThat(client.method("PUT", "viewer/traces/1/pin").statusCode()).isEqualTo(200);
    assertThat(client.json("api/status").path("pinnedTraces").asInt()).isEqualTo(1);
    assertThat(client.json("viewer/traces/1").path("pinned").asBoolean()).isTrue();
    assertThat(client.method("DELETE", "viewer/traces/1/pin").statusCode()).isEqualTo(200);
    assertThat(client.json("api/status").path("pinnedTraces").asInt()).isZero();
    assertThat(client.method("PUT", "viewer/traces/2/pin").statusCode()).isEqualTo(404);
    assertThat(client.method("DELETE", "viewer/traces/2/pin").statusCode()).isEqualTo(404);
    assertThat(client.method("PUT", "viewer/traces/x/pin").statusCode()).isEqualTo(400);
    assertThat(client.get("viewer/traces/1/pin").statusCode()).isEqualTo(405);
    for (String missing :
        new String[] {"viewer/traces/2", "viewer/traces/2/like", "viewer/compare?a=1&b=2"}) {
      assertThat(client.get(missing).statusCode()).as(missing).isEqualTo(404);
    }
  }

  @Test
  void twoOfTheListAreComparedByAClick() throws IOException {
    for (int i = 1; i <= 3; i++) {
      client.exportProtobuf(Asked.of(id(i), ZERO + i, "demo", 5, Map.of("own", 40L * i)));
    }
    browser.open(viewer.uri());
    browser.await("document.querySelectorAll('.pick').length === 3");
    assertThat(browser.evaluate("document.querySelector('.picks').hidden").asBoolean()).isTrue();

    for (int i = 1; i <= 3; i++) {
      click("[data-pick=\"" + id(i) + "\"]");
    }

    assertThat(count(".pick:checked")).as("of three the first was let go").isEqualTo(2);
    Screenshots.keep(browser, "picks");
    client.exportProtobuf(Asked.of(id(4), ZERO + 4, "demo", 5, Map.of("own", 9L)));
    browser.await("document.querySelectorAll('.pick').length === 4");
    assertThat(count(".pick:checked")).as("after the list was drawn again").isEqualTo(2);
    click(".picks a");
    browser.await("document.querySelector('.compared')");
    assertThat(text(".compared tbody tr:first-child")).contains("80.0 ms", "120 ms", "× 1.50");
    assertThat(text(".by-cause")).contains("own", "80.0 ms", "120 ms", "+40.0 ms");
  }

  @Test
  void allOfItFitsAPhone() throws IOException {
    for (int i = 1; i <= 3; i++) {
      client.exportProtobuf(
          Asked.of(id(i), ZERO + i, "demo", 5, Map.of("own", 40L, "others.prefill", 20L * i)));
    }
    browser.size(390, 1_600);
    try {
      for (String path : new String[] {"", "trace/" + id(1), "stats", "compare?a=1&b=2"}) {
        browser.open(viewer.uri().resolve("/" + path));
        browser.await(
            "document.querySelector('.traces, .bar, .tail, .compared')"
                + " && location.href.endsWith('/"
                + path
                + "')");
        assertThat(browser.evaluate("document.documentElement.scrollWidth - innerWidth").asInt())
            .as(path)
            .isLessThanOrEqualTo(0);
        Screenshots.keep(browser, "phone-" + path.replaceAll("\\W.*", ""));
      }
    } finally {
      browser.size(1400, 900);
    }
  }

  private static String id(int id) {
    return "%032x".formatted(id);
  }
}
