package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** CONFIGURATION.md says what the code does: its table is written from the code. */
class ConfigurationTableTest {
  private static final String START = "| Meaning |";

  @Test
  void theTableInTheDocumentationIsThatOfTheCode() throws IOException {
    String document = Files.readString(Path.of("CONFIGURATION.md"));
    String table = table();
    Path written = Files.writeString(Path.of("target", "configuration-table.md"), table);
    assertThat(document)
        .as("replace the table in CONFIGURATION.md by the one in %s", written)
        .contains(table);
    assertThat(document.indexOf(START)).isEqualTo(document.lastIndexOf(START));
  }

  private static String table() {
    String head =
        START
            + " Option | OpenTelemetry's variable | FastDeploy's | Serving's own | Default |\n"
            + "|---|---|---|---|---|---|\n";
    return TracingSettings.ROWS.stream()
        .map(ConfigurationTableTest::line)
        .collect(Collectors.joining("", head, ""));
  }

  private static String line(TracingSettings.Row row) {
    return "| %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            row.what(),
            names(row, name -> name.startsWith("--")),
            names(row, name -> name.startsWith("OTEL_")),
            names(row, name -> !name.startsWith("--") && !name.matches("(OTEL|SERVING)_.*")),
            names(row, name -> name.startsWith("SERVING_")),
            row.byDefault());
  }

  private static String names(TracingSettings.Row row, Predicate<String> which) {
    return row.sources().stream()
        .map(TracingSettings.Source::name)
        .filter(which)
        .map(name -> "`" + name + "`")
        .collect(Collectors.joining(", "));
  }
}
