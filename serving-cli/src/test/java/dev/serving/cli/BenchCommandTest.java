package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** This shows how a load is put on a server and what is said of it. */
final class BenchCommandTest {
  private static ServingProcess server;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void serve() throws Exception {
    server = ServingProcess.serveCompiled();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Test
  void aClosedLoopCountsEveryRequestAndToken() {
    JsonNode result = json("--num-prompts", "8", "--max-concurrency", "2", "--output-len", "6");
    assertThat(result.path("completed").asInt()).isEqualTo(8);
    assertThat(result.path("failed").asInt()).isZero();
    assertThat(result.path("total_output_tokens").asInt()).isEqualTo(8 * 6);
    assertThat(result.path("max_concurrent_requests").asInt()).isEqualTo(2);
    assertThat(result.path("p50_ttft_ms").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(result.path("max_ttft_ms").asDouble())
        .isLessThanOrEqualTo(result.path("max_e2el_ms").asDouble());
  }

  @Test
  void promptsAreAboutAsLongAsAskedFor() {
    JsonNode result = json("--num-prompts", "6", "--input-len", "200", "--output-len", "1");
    assertThat(result.path("total_input_tokens").asInt()).isBetween(6 * 160, 6 * 240);
  }

  @Test
  void theSameSeedMakesTheSameRequests() {
    String[] load = {
      "--num-prompts", "6", "--random-range-ratio", "0.5", "--output-len", "6", "--seed", "7"
    };
    JsonNode first = json(load);
    JsonNode again = json(load);
    assertThat(again.path("total_input_tokens")).isEqualTo(first.path("total_input_tokens"));
    assertThat(again.path("total_output_tokens")).isEqualTo(first.path("total_output_tokens"));
  }

  /**
   * All are due at once, one is served at a time: the last has waited nearly all the while. If
   * waiting did not count, it would be an eighth.
   */
  @Test
  void whoWaitsBeforeTheDoorWaitsToo() {
    JsonNode result =
        json(
            "--num-prompts",
            "8",
            "--request-rate",
            "1000000",
            "--max-concurrency",
            "1",
            "--output-len",
            "16");
    double millis = result.path("duration").asDouble() * 1000;
    assertThat(result.path("max_e2el_ms").asDouble()).isBetween(0.5 * millis, 1.01 * millis);
  }

  @Test
  void clientsThatLeaveAreNoFailures() {
    double before = left();
    JsonNode result =
        json(
            "--num-prompts", "6", "--cancel-ratio", "1", "--output-len", "200", "--input-len", "8");
    int cancelled = result.path("cancelled").asInt();
    assertThat(cancelled).isPositive(); // some answers have fewer pieces of text than tokens
    assertThat(cancelled + result.path("completed").asInt()).isEqualTo(6);
    assertThat(result.path("failed").asInt()).isZero();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(left() - before).isEqualTo(cancelled));
  }

  private static double left() {
    return server
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("serving_requests_finished_total{ending=\"client_gone\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void failuresAreCountedByKind() {
    assertThat(run("--num-prompts", "5", "--input-len", "900", "--backend", "openai-chat"))
        .as("nothing was answered")
        .isEqualTo(1);
    assertThat(out.toString())
        .contains("5 × http 400: 'messages' has N tokens")
        .contains("E2EL               none");
  }

  @Test
  void theReportAndItsPageHaveWhatTheyNeed(@TempDir Path directory) throws Exception {
    Path page = directory.resolve("load.html");
    assertThat(run("--num-prompts", "4", "--output-len", "4", "--page", page.toString())).isZero();
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(out.toString()).contains("Successful requests", "TTFT", "TPOT", "ITL", "E2EL");
    assertThat(err.toString()).as("no terminal, no progress").isEmpty();
    assertThat(Files.readString(page))
        .contains("<svg", "Time to first token", "serving-demo")
        .doesNotContain("<script", "<link", "src=");
  }

  @Test
  void badUseIsSaidByItsOption() {
    assertThat(run("--request-rate", "-3")).isEqualTo(2);
    assertThat(run("--cancel-ratio", "2")).isEqualTo(2);
    assertThat(run("--duration", "5y")).isEqualTo(2);
    assertThat(run("--page", "/nowhere/load.html")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--request-rate must be above 0, or inf; was -3.0")
        .contains("--cancel-ratio must be 0 to 1; was 2.0")
        .contains("--page /nowhere/load.html: there is no such directory")
        .contains("'5y' is no time such as 30s, 10m or 2h");
  }

  @Test
  void aServerThatIsNotThereIsSaidBeforeTheLoad() {
    CommandLine command = command();
    assertThat(command.execute("bench", "--base-url", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(err.toString()).contains("http://127.0.0.1:1 is not there").hasLineCount(1);
  }

  private JsonNode json(String... options) {
    out.getBuffer().setLength(0);
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = "--json";
    assertThat(run(all)).as(err.toString()).isZero();
    return JsonMapper.shared().readTree(out.toString());
  }

  private int run(String... options) {
    String[] all = new String[options.length + 3];
    System.arraycopy(options, 0, all, 3, options.length);
    all[0] = "bench";
    all[1] = "--base-url";
    all[2] = server.uri().toString();
    return command().execute(all);
  }

  private CommandLine command() {
    CommandLine command = ServingCommand.parserOf();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command;
  }
}
