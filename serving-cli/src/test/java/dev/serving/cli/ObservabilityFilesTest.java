package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What holds of the files of the stack without any program of it; with the profile {@code backends}
 * those programs read them.
 */
final class ObservabilityFilesTest {
  private static final Path OBSERVABILITY =
      ServingProcess.ROOT.resolve("examples").resolve("observability");
  private static final Path TRACING = OBSERVABILITY.resolve("tracing");

  @Test
  void eachVersionStandsInOnePlace() throws IOException {
    List<String> versions =
        Files.readAllLines(TRACING.resolve(".env")).stream()
            .filter(line -> line.contains("_VERSION="))
            .map(line -> line.substring(line.indexOf('=') + 1))
            .toList();
    assertThat(versions).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    for (Path file : files()) {
      if (!file.endsWith(".env") && !file.toString().contains("go.")) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(versions);
      }
    }
  }

  @Test
  void eachImageIsNamedInOnePlace() throws IOException {
    List<String> images =
        matches(Files.readString(TRACING.resolve("tracing_compose.yaml")), "image: ([^:\\s]+):");
    assertThat(images).hasSize(6).doesNotHaveDuplicates();
    for (Path file : files()) {
      if (!file.endsWith("tracing/tracing_compose.yaml")) {
        for (String image : images) {
          assertThat(Files.readString(file)).as(file.toString()).doesNotContain(image + ":");
        }
      }
    }
  }

  @Test
  void everyMetricOfDashboardAndRulesIsOneThatTheServerHas() throws Exception {
    String expressions =
        Files.readString(TRACING.resolve("grafana/dashboards/serving.json"))
            + Files.readString(TRACING.resolve("grafana/provisioning/datasources/serving.yaml"))
            + Files.readString(TRACING.resolve("prometheus/rules.yml"));
    Set<String> named =
        new TreeSet<>(matches(expressions, "\\b((?:serving|gen_ai|process|jvm|http)_[a-z_]+)\\b"));
    named.removeIf(name -> name.matches("gen_ai_(operation_name|(request|response)_model)"));
    assertThat(named).hasSizeGreaterThan(20);
    try (ServingProcess serving = ServingProcess.serve("--trace-enable")) {
      serving.post(
          "/v1/completions",
          "{\"model\": \"serving-demo\", \"prompt\": \"Once\", \"max_tokens\": 8}");
      String metrics = "\n" + serving.get("/metrics");
      assertThat(named).allMatch(name -> metrics.matches("(?s).*\n" + name + "[ {].*"));
    }
  }

  @Test
  void everyVariableOfTheGuidesIsASetting() throws IOException {
    String settings =
        Files.readString(ServingProcess.ROOT.resolve("serving-trace").resolve("CONFIGURATION.md"));
    List<String> ours = List.of("VENDOR_ENDPOINT");
    for (Path guide : files()) {
      if (guide.toString().endsWith(".md")) {
        for (String variable : matches(Files.readString(guide), "export ([A-Z_]+)=")) {
          if (!ours.contains(variable)) {
            assertThat(settings).as(guide.toString()).contains("`" + variable + "`");
          }
        }
      }
    }
  }

  /** Everything that says something about the stack. */
  private static List<Path> files() throws IOException {
    List<Path> files =
        new ArrayList<>(List.of(ServingProcess.ROOT.resolve("tracing_compose.yaml")));
    for (Path folder :
        List.of(OBSERVABILITY, ServingProcess.ROOT.resolve("tools").resolve("backends"))) {
      try (Stream<Path> all = Files.walk(folder)) {
        files.addAll(
            all.filter(Files::isRegularFile).filter(ObservabilityFilesTest::text).toList());
      }
    }
    return files;
  }

  private static boolean text(Path file) {
    try {
      return Files.size(file) < 1_000_000 && !file.toString().contains("__pycache__");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> matches(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toList());
  }
}
