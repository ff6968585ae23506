package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What axe-core finds on each page, in light and in dark; skipped with a word where Node's modules
 * have none ({@code npm install axe-core}, {@code NODE_PATH}).
 */
class AxePageTest extends PageSetup {
  private static final long ZERO = 1_795_234_507_615_000_000L;
  private static final String A = "0".repeat(31) + "1";
  private static final String B = "0".repeat(31) + "2";

  private String axe;

  @BeforeEach
  void find() throws IOException {
    Optional<Path> script =
        Stream.of(Optional.ofNullable(System.getenv("NODE_PATH")).orElse("").split(":"))
            .map(folder -> new File(folder, "axe-core/axe.min.js").toPath())
            .filter(Files::isRegularFile)
            .findFirst();
    assumeThat(script).as("axe-core in NODE_PATH").isPresent();
    axe = Files.readString(script.orElseThrow());
    client.exportProtobuf(SampleTrace.chat(A, ZERO));
    SampleTrace failing = SampleTrace.empty(B, ZERO + 1_000 * SampleTrace.MILLI);
    failing.any(
        "other",
        failing
            .span("<b>embed</b>", null, 0, 900)
            .setStatus(SampleTrace.failure("<img src=x>"))
            .addAttributes(SampleTrace.number("http.response.status_code", 500))
            .addAttributes(SampleTrace.text("error.type", "<i>")));
    client.exportProtobuf(failing);
    client.exportProtobuf(
        Asked.of(
            "0".repeat(31) + "4",
            ZERO,
            "demo",
            12,
            Map.of("own", 60L, "queue.budget", 40L, "client_out", 30L, "transport", 20L)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', .traces",
    "'?status=5xx', .traces",
    "trace/00000000000000000000000000000001, .stages .like",
    "trace/00000000000000000000000000000002, .bar",
    "compare?a=1&b=2, .compared",
    "'?pinned=true&cause=own&stage=DECODE', .notice",
    "trace/00000000000000000000000000000004, .blame",
    "stats, .tail",
    "trace/3, .notice"
  })
  void noPageHasASeriousFault(String path, String shown) {
    for (String scheme : List.of("dark", "light")) {
      browser.scheme(scheme);
      browser.open(viewer.uri().resolve("/" + path));
      browser.await("document.querySelector('" + shown + "')");
      // What is closed is read too, once it is open.
      browser.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })");
      browser.evaluate(axe + ";undefined");
      assertThat(faults()).as(path + " in " + scheme).isEmpty();
    }
    browser.complaints().removeIf(complaint -> complaint.contains("404"));
  }

  private static List<String> faults() {
    JsonNode found = browser.evaluate("axe.run().then(result => result.violations)");
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : found) {
      String impact = fault.path("impact").asString("");
      if (impact.equals("serious") || impact.equals("critical")) {
        faults.add(fault.path("id").asString() + " at " + targets(fault));
      }
    }
    return faults;
  }

  private static List<String> targets(JsonNode fault) {
    List<String> targets = new ArrayList<>();
    fault.path("nodes").forEach(node -> targets.add(node.path("target").toString()));
    return targets;
  }
}
