package dev.serving.cli.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.cli.backends.Program.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stack's files as the programs that read them see them. */
@Proves({"stackcheck", "otelcol", "promtool"})
final class StackFilesTest {
  private static final Path PROMETHEUS = Stack.FILES.resolve("prometheus");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tracing_compose.yaml",
        "examples/observability/tracing/tracing_compose.yaml",
      })
  void composeReadsItsFile(String file) {
    Output output = run("stackcheck", "compose", Program.ROOT.resolve(file).toString());

    assertThat(output.exitCode()).as(output.text()).isZero();
    assertThat(output.text().lines().map(line -> line.substring(0, line.indexOf('\t'))))
        .containsExactlyInAnyOrder(
            "collector", "collector-health", "jaeger", "prometheus", "grafana", "server");
    assertThat(output.text().lines().map(line -> line.substring(line.indexOf('\t') + 1)))
        .allMatch(image -> image.matches("[\\w./-]+:v?[\\w.]+"), "an image with its version")
        .noneMatch(image -> image.endsWith(":latest"));
  }

  @Test
  void grafanaKnowsEveryFieldOfTheDashboard() {
    Path file = Stack.FILES.resolve("grafana/dashboards/serving.json");
    Output output = run("stackcheck", "dashboard", file.toString());

    assertThat(output.exitCode()).as(output.text()).isZero();
    ProofTable.figures(output.text().replace("Serving\t", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector", "tail-sampling", "secure", "tempo", "vendor"})
  void theCollectorTakesItsConfigurationWith(String overlay) {
    List<String> command = new java.util.ArrayList<>(Stack.collectorCommand(overlay));
    command.add(1, "validate");
    Map<String, String> environment =
        Map.of(
            "TEMPO_ENDPOINT", "tempo:4317",
            "VENDOR_ENDPOINT", "https://otlp.example.com",
            "VENDOR_TOKEN", "token",
            "RECEIVER_TOKEN", "token");

    assertThat(Program.run(command, environment, null)).isEqualTo(new Output(0, ""));
  }

  @Test
  void prometheusTakesItsConfigurationAndRules() {
    Output config = run("promtool", "check", "config", PROMETHEUS.resolve("prometheus.yml") + "");
    Output rules =
        run("promtool", "check", "rules", "--lint=all", PROMETHEUS.resolve("rules.yml") + "");

    assertThat(config.exitCode()).as(config.text()).isZero();
    assertThat(config.text()).doesNotContainIgnoringCase("warn");
    assertThat(rules.exitCode()).as(rules.text()).isZero();
    ProofTable.figures(rules.text().replaceAll("(?s).*SUCCESS: (\\d+ rules).*", "$1"));
  }

  private static Output run(String program, String... words) {
    List<String> command = new java.util.ArrayList<>(List.of(Program.named(program)));
    command.addAll(List.of(words));
    return Program.run(command, Map.of(), null);
  }
}
