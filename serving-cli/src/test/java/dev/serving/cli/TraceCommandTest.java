package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import dev.serving.viewer.chart.LaneText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** This shows traces in the terminal, from a viewer's Jaeger API. */
final class TraceCommandTest {
  private static final long BEGIN = 1_795_000_000_000_000_000L;
  private static final String QUICK = "000000000000000000000000000000a1";
  private static final String SLOW = "b".repeat(32);
  private static final String FAILED = "c".repeat(32);
  private static Viewer viewer;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    viewer = Viewer.start(ViewerConfig.defaults().withPort(0));
    send(QUICK, 1, 10, "quick", 0);
    send(SLOW, 2, 300, "slow", 0);
    send(FAILED, 3, 50, "evil \\u001b[31m", 2);
  }

  @AfterAll
  static void stop() {
    viewer.close();
  }

  /** A request with one slice on a lane, and a link from it to the request. */
  private static void send(String trace, int second, int millis, String name, int status)
      throws Exception {
    long start = BEGIN + second * 1_000_000_000L;
    String times =
        "'startTimeUnixNano': '%d', 'endTimeUnixNano': '%d'"
            .formatted(start, start + millis * 1_000_000L);
    String spans =
        """
        {'traceId': '%1$s', 'spanId': '00000000000000aa', 'name': '%2$s', 'kind': 2, %3$s,
         'status': {'code': %4$d}},
        {'traceId': '%1$s', 'spanId': '00000000000000bb', 'parentSpanId': '00000000000000aa',
         'name': 'worker', 'kind': 1, %3$s,
         'attributes': [{'key': 'thread_label', 'value': {'stringValue': 'worker'}}]},
        {'traceId': '%1$s', 'spanId': '00000000000000cc', 'parentSpanId': '00000000000000bb',
         'name': 'PREFILL', 'kind': 1, %3$s,
         'links': [{'traceId': '%1$s', 'spanId': '00000000000000aa'}]}
        """
            .formatted(trace, name, times, status);
    String body =
        """
        {'resourceSpans': [{'resource': {'attributes': [
          {'key': 'service.name', 'value': {'stringValue': 'a service'}},
          {'key': 'process.pid', 'value': {'intValue': '11'}}]},
          'scopeSpans': [{'spans': [%s]}]}]}
        """
            .formatted(spans);
    HttpRequest request =
        HttpRequest.newBuilder(viewer.uri().resolve("/v1/traces"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void theNewestComeFirst() {
    assertThat(run("trace", "--url", viewer.uri().toString())).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(4).allMatch(line -> line.length() <= 80);
    assertThat(lines.get(1)).contains(FAILED, "failed: evil", "50.0 ms").doesNotContain("\u001b");
    assertThat(lines.get(2)).contains(SLOW);
    assertThat(lines.get(3)).contains(QUICK);
  }

  @Test
  void theSlowestComeFirst() {
    String url = viewer.uri().toString();
    assertThat(run("trace", "--slowest", "2", "--service", "a service", "--url", url)).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).contains(SLOW);
    assertThat(lines.get(2)).contains(FAILED);
  }

  @Test
  void oneIsDrawnAsTheViewerItselfDrawsIt() {
    assertThat(run("trace", "--id", SLOW, "--url", viewer.uri().toString())).isZero();
    assertThat(out.toString())
        .isEqualTo(LaneText.draw(viewer.store().trace(SLOW).orElseThrow(), 80))
        .contains("PREFILL", "300 ms");
  }

  @Test
  void programsGetJson() {
    assertThat(run("trace", "--json", "--limit", "1", "--url", viewer.uri().toString())).isZero();
    JsonNode trace = JsonMapper.shared().readTree(out.toString());
    assertThat(trace.path("traceID").asString()).isEqualTo(FAILED);
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThat(run("trace", "--url", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(err.toString())
        .contains("no server at http://127.0.0.1:1; start one by 'serving viewer'");
    assertThat(run("trace", "--id", "d".repeat(32), "--url", viewer.uri().toString())).isEqualTo(1);
    assertThat(err.toString()).contains("404");
  }

  @Test
  void viewIsTheViewersShortName() {
    assertThat(run("view", "--help")).isZero();
    assertThat(out.toString()).contains("--max-spans");
  }

  private int run(String... arguments) {
    CommandLine command = ServingCommand.parserOf(arguments);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
