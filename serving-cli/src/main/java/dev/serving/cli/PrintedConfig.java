package dev.serving.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What each setting is and who set it, as a file of settings. Secrets are masked: keys are not in
 * it, nor is who may read from an address that names him.
 */
final class PrintedConfig {
  private static final int VALUES = 44;

  private final Settings settings;
  private final CommandSpec command;
  private final ParseResult typed;

  PrintedConfig(Settings settings, CommandSpec command) {
    this.settings = settings;
    this.command = command;
    this.typed = command.commandLine().getParseResult();
  }

  void print(PrintWriter out) {
    out.println("# A flag goes before a variable, that before the file, that before the default.");
    command.options().stream()
        .filter(Settings::isSetting)
        .filter(option -> !Settings.name(option).equals(Settings.CONFIG))
        .forEach(option -> out.println(line(option)));
    if (settings.said(ServerOptions.KEYS_VARIABLE) != null) {
      out.println("# " + ServerOptions.KEYS_VARIABLE + ": ***");
    }
    out.flush();
  }

  private String line(OptionSpec option) {
    String name = Settings.name(option).substring(2);
    String source = source(option);
    String line = value(option).map(value -> name + ": " + value).orElse("# " + name + ":");
    return ("%-" + VALUES + "s # %s").formatted(line, source);
  }

  private String source(OptionSpec option) {
    if (typed.hasMatchedOption(option)) {
      return Settings.name(option);
    }
    boolean first = Settings.name(option).equals("--model") && typed.hasMatchedPositional(0);
    return first ? "DIR" : settings.setBy(option).orElse("default");
  }

  /** What tracing reads from its variables itself is shown as it stands there. */
  private Optional<String> value(OptionSpec option) {
    Object value = option.getValue();
    if (value == null) {
      return settings.variable(option).map(name -> yaml(settings.said(name)));
    }
    if (value instanceof Collection<?> list) {
      List<String> quoted = list.stream().map(e -> yaml(e.toString())).toList();
      return Optional.of("[" + String.join(", ", quoted) + "]");
    }
    return Optional.of(text(value));
  }

  private static String text(Object value) {
    if (value instanceof Enum<?> choice) {
      return choice.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : yaml(value.toString());
  }

  /** Plain where YAML reads it as this text, else in quotes; without a name and its password. */
  private static String yaml(String text) {
    String masked = text.replaceFirst("//[^/@]*@", "//***@");
    boolean plain = masked.matches("[A-Za-z/][A-Za-z0-9_./:@*=-]*") && !masked.endsWith(":");
    return plain && !masked.equalsIgnoreCase("null")
        ? masked
        : masked
            .chars()
            .mapToObj(c -> c == '\'' ? "''" : Character.toString(c))
            .collect(Collectors.joining("", "'", "'"));
  }
}
