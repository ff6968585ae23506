package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.SchedulerConfig;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** This shows that what nobody sets is what the server itself takes, and what help says it is. */
final class DefaultsTest {
  private static final Pattern NUMBER = Pattern.compile("default: ([\\d.]+)\\)");

  @Test
  void anEngineWithoutOptionsIsTheDefaultEngine() {
    ModelOptions options = new ModelOptions();
    new CommandLine(options)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs("--model", "../models/serving-demo");
    EngineConfig engine = options.engine(1);
    assertThat(engine.worker().scheduler()).isEqualTo(SchedulerConfig.DEFAULT);
    assertThat(engine.worker().cache()).isEqualTo(CacheConfig.DEFAULT);
  }

  @Test
  void aFrontendWithoutOptionsIsTheDefaultFrontend() {
    ServerOptions options = new ServerOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs();
    FrontendConfig expected = FrontendConfig.builder("m").build();
    assertThat(options.frontend("m")).usingRecursiveComparison().isEqualTo(expected);
  }

  /** A number that help gives as a default is the one that the option has. */
  @Test
  void helpGivesTheDefaultsThatOptionsHave() {
    CommandLine serve = ServingCommand.parserOf().getSubcommands().get("serve");
    List<OptionSpec> numbers =
        serve.getCommandSpec().options().stream()
            .filter(option -> !option.hidden() && said(serve, option) != null)
            .toList();
    assertThat(numbers).hasSizeGreaterThan(10);
    for (OptionSpec option : numbers) {
      assertThat(said(serve, option))
          .as(option.longestName())
          .isEqualTo(String.valueOf(option.<Object>getValue()));
    }
  }

  private static String said(CommandLine command, OptionSpec option) {
    String text =
        command
            .getHelp()
            .optionListExcludingGroups(List.of(option))
            .toString()
            .replaceAll("\\s+", " ");
    Matcher number = NUMBER.matcher(text);
    return number.find() ? number.group(1) : null;
  }
}
