package dev.serving.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a line or two what was typed or set wrongly, and what may have been meant. */
final class WrongUsage implements IParameterExceptionHandler {
  /** A flag that is wrong stops; a variable may be meant for somebody else. */
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String source = source(e, arguments);
    if (source.startsWith("SERVING_")) {
      Settings.of(command.getCommandSpec()).orElseThrow().refuse(source, "has a bad value");
      return root(command).execute(arguments);
    }
    command
        .getErr()
        .println("serving: " + (source.isEmpty() ? "" : source + ": ") + e.getMessage());
    if (Arguments.ascii() && String.valueOf(e.getMessage()).chars().anyMatch(c -> c > 127)) {
      command.getErr().println("this JVM's locale knows ASCII names only; set LC_ALL=C.UTF-8");
    }
    meant(e).ifPresent(word -> command.getErr().println("did you mean '" + word + "'?"));
    command
        .getErr()
        .println("'" + command.getCommandSpec().qualifiedName() + " --help' lists the options");
    return CommandLine.ExitCode.USAGE;
  }

  /** The variable or the file that set what is wrong; empty where it was typed. */
  private static String source(ParameterException e, String[] arguments) {
    if (!(e.getArgSpec() instanceof OptionSpec option) || isTyped(option, arguments)) {
      return "";
    }
    return Settings.of(e.getCommandLine().getCommandSpec())
        .map(settings -> settings.source(option))
        .filter(source -> !source.equals("default"))
        .orElse("");
  }

  private static boolean isTyped(OptionSpec option, String[] arguments) {
    Set<String> names = Set.of(option.names());
    return Stream.of(arguments).anyMatch(word -> names.contains(word.replaceFirst("=.*", "")));
  }

  private static CommandLine root(CommandLine command) {
    return command.getParent() == null ? command : root(command.getParent());
  }

  private static Optional<String> meant(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return Optional.empty();
    }
    String typed = unmatched.getUnmatched().get(0);
    CommandSpec command = e.getCommandLine().getCommandSpec();
    return typed.startsWith("-")
        ? Nearest.to(typed.replaceFirst("=.*", ""), options(command))
        : Nearest.to(typed, commands(command));
  }

  private static List<String> options(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> Stream.of(option.names()))
        .toList();
  }

  private static List<String> commands(CommandSpec command) {
    return command.subcommands().entrySet().stream()
        .filter(entry -> !entry.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey)
        .toList();
  }
}
