package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** This shows help as people read it, and the document that is made of the same options. */
final class HelpTest {
  private static final Path DOCUMENT = ServingProcess.ROOT.resolve("docs/configuration.md");

  static Stream<CommandLine> commands() {
    CommandLine root = ServingCommand.parserOf();
    return Stream.concat(Stream.of(root), root.getSubcommands().values().stream());
  }

  private static CommandLine serve() {
    return ServingCommand.parserOf().getSubcommands().get("serve");
  }

  private static String help(CommandLine command) {
    command.setUsageHelpAutoWidth(false);
    return command.getUsageMessage(Ansi.OFF);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpFitsEightyColumnsAndBreaksNoWord(CommandLine command) {
    String help = help(command);
    assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    for (String line : command.getCommandSpec().usageMessage().footer()) {
      assertThat(line).as("a line that would be broken").hasSizeLessThanOrEqualTo(80);
    }
    String words = help.replaceAll("\\s+", " ");
    if (!command.getCommandName().equals("help")) {
      assertThat(help).contains("\nExit codes:\n", "  0 ", "  1 ", "  2 ");
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        assertThat(words).contains(String.join(" ", option.description()).replaceAll("\\s+", " "));
      }
    }
  }

  @Test
  void theOptionsOfServeAreInGroupsWithExamplesAndExitCodes() {
    String help = help(serve());
    assertThat(help)
        .startsWith("Usage: serving serve [OPTIONS] [DIR]")
        .contains("\nModel:\n", "\nLimits:\n", "\nExamples:\n", "\nExit codes:\n")
        .contains("http://localhost:4318");
    String last = help.substring(help.indexOf("\nFurther:\n"), help.indexOf("\nEach option"));
    assertThat(last.lines().filter(line -> line.startsWith("  -")))
        .as("options that are in no group")
        .hasSize(4);
  }

  /** The table in the document is written from the options. */
  @Test
  void theDocumentHasEverySettingOfServe() throws IOException {
    String table =
        serve().getCommandSpec().options().stream()
            .filter(Settings::isSetting)
            .map(HelpTest::row)
            .collect(Collectors.joining("\n"));
    Path written = Path.of("target", "configuration.md");
    Files.writeString(written, table + "\n");
    assertThat(Files.readString(DOCUMENT))
        .as("replace the table in docs/configuration.md by the one in %s", written)
        .contains(table);
  }

  private static String row(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(name -> option.negatable() ? name.replace("--", "--[no-]") : name)
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
    String variables =
        Settings.variables(option).stream()
            .map(v -> "`" + v + "`")
            .collect(Collectors.joining(", "));
    return "| %s | %s | %s |"
        .formatted(names, variables, String.join(" ", option.description()).replace("|", "\\|"));
  }
}
