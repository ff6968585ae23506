package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.config.SamplingConfig;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a scrape holds, before anything happened and after. */
class MetricsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final Executor CLIENTS = task -> new Thread(task, "client").start();
  private static final Pattern VALUE = Pattern.compile(" [^ ]+$");

  private Rig rig = new Rig();
  private volatile boolean asking = true;

  @AfterEach
  void stop() {
    rig.close();
  }

  private String scrape() throws Exception {
    return rig.get("/metrics").body();
  }

  private String openMetrics() throws Exception {
    return rig.client
        .send(
            rig.request("/metrics").header("accept", "application/openmetrics-text").build(),
            BodyHandlers.ofString())
        .body();
  }

  private Set<String> series() throws Exception {
    return scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> VALUE.matcher(line).replaceFirst(""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private double value(String series) throws Exception {
    return scrape()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no series " + series));
  }

  @Test
  void everySeriesIsThereFromTheStart() throws Exception {
    Set<String> before = series();
    rig.ready();
    rig.chat(", \"max_tokens\": 3");
    rig.post(CHAT, Rig.chatBody(", \"n\": 0"));
    rig.post(CHAT, "{");
    rig.post(CHAT, Rig.chatBody("").replace("demo", "other"));
    rig.post("/v1/completions", "{\"model\": \"demo\", \"prompt\": \"Hi\", \"n\": 2}");
    rig.get("/nowhere");
    rig.get(CHAT);
    rig.post("/metrics", "{}");
    rig.spans(5);
    assertThat(series()).isEqualTo(before);
  }

  @Test
  void everyFamilySaysWhatItIs() throws Exception {
    String text = openMetrics();
    Set<String> families =
        text.lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ")[2])
            .collect(Collectors.toSet());
    for (String family : families) {
      assertThat(text).containsPattern("# HELP " + family + " [A-Z].{5}");
    }
  }

  @Test
  void pathsThatAreNotServedAndWrongMethodsAreCounted() throws Exception {
    rig.get("/nowhere");
    rig.get("/elsewhere");
    rig.get(CHAT);
    String nowhere = "serving_http_requests_total{code=\"404\",method=\"GET\",route=\"\"}";
    String wrong =
        "serving_http_requests_total{code=\"405\",method=\"GET\",route=\"" + CHAT + "\"}";
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(value(nowhere)).isEqualTo(2);
              assertThat(value(wrong)).isEqualTo(1);
            });
  }

  @Test
  void tokensAreCountedAsTheyAreMade() throws Exception {
    rig.ready();
    rig.engine().pauseAfter = 2;
    rig.engine().running = false;
    var answer = rig.client.sendAsync(rig.posting(CHAT, Rig.chatBody("")), BodyHandlers.ofString());
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(value("serving_tokens_total{kind=\"output\",model=\"demo\"}"))
                  .isEqualTo(2);
              assertThat(value("serving_tokens_total{kind=\"input\",model=\"demo\"}")).isPositive();
            });
    assertThat(answer).isNotDone();
    rig.engine().running = true;
    answer.get();
  }

  @Test
  void anExemplarLeadsToTheTraceOfItsRequest() throws Exception {
    rig.ready();
    String trace =
        rig.post(CHAT, Rig.chatBody("")).headers().firstValue("x-trace-id").orElseThrow();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(openMetrics())
                    .containsPattern(
                        "gen_ai_server_request_duration_seconds_bucket\\{error_type=\"\".*"
                            + "trace_id=\""
                            + trace));
    assertThat(scrape()).doesNotContain("trace_id");
  }

  @Test
  void whatIsNotSampledIsNoExemplar() throws Exception {
    rig.close();
    rig = Rig.traced(trace -> trace.sampling(s -> SamplingConfig.ratio(0)));
    rig.ready();
    rig.chat("");
    Awaitility.await()
        .until(
            () ->
                value("serving_requests_finished_total{ending=\"answered\",model=\"demo\"}") == 1);
    assertThat(openMetrics()).doesNotContain("trace_id");
  }

  /** Each is of one moment: made is delivered and dropped and in flight, whatever goes on. */
  @Test
  void inEveryScrapeEverySpanIsSomewhere() throws Exception {
    rig.ready();
    List<CompletableFuture<Void>> load =
        Stream.generate(() -> CompletableFuture.runAsync(this::askUntilClosed, CLIENTS))
            .limit(2)
            .toList();
    long made = 0;
    for (int i = 0; i < 100 || made < 400; i++) {
      String page = scrape();
      made = spans(page, "made");
      assertThat(spans(page, "delivered") + spans(page, "dropped") + inFlight(page))
          .isEqualTo(made);
    }
    assertThat(load).noneMatch(CompletableFuture::isDone);
    asking = false;
    load.forEach(CompletableFuture::join);
  }

  private void askUntilClosed() {
    try {
      while (asking) {
        rig.chat(", \"max_tokens\": 8");
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long spans(String page, String what) {
    return count(page, "serving_spans_" + what + "_total{process=\"frontend\"");
  }

  private static long inFlight(String page) {
    return count(page, "serving_spans_in_flight{process=\"frontend\"");
  }

  private static long count(String page, String series) {
    return page.lines()
        .filter(line -> line.startsWith(series))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
