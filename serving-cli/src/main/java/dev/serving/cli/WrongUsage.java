package dev.serving.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a line or two what was typed or set wrongly, and what may have been meant. */
final class WrongUsage implements IParameterExceptionHandler {
  /**
   * A flag that is wrong stops; a variable may be meant for somebody else, unless it names a file.
   */
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String source = source(e, arguments);
    if (source.startsWith("SERVING_") && !isFile(e.getArgSpec())) {
      Settings.of(command.getCommandSpec()).orElseThrow().refuse(source, "has a bad value");
      return root(command).execute(arguments);
    }
    PrintWriter err = command.getErr();
    err.println("serving: " + (source.isEmpty() ? "" : source + ": ") + what(e, arguments));
    if (Arguments.ascii() && String.valueOf(e.getMessage()).chars().anyMatch(c -> c > 127)) {
      err.println("this JVM's locale knows ASCII names only; set LC_ALL=C.UTF-8");
    }
    if (e instanceof UnmatchedArgumentException
        || isHelpOf(e)) { // of what is there, the values are told
      err.println("'" + command.getCommandSpec().qualifiedName() + " --help' lists the options");
    }
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static boolean isFile(ArgSpec wrong) {
    return wrong.type() == Path.class;
  }

  /** The variable or the file that set what is wrong; empty where it was typed. */
  private static String source(ParameterException e, String[] arguments) {
    if (!(e.getArgSpec() instanceof OptionSpec option) || isTyped(option, arguments)) {
      return "";
    }
    return Settings.of(e.getCommandLine().getCommandSpec())
        .flatMap(settings -> settings.setBy(option))
        .orElse("");
  }

  private static boolean isTyped(OptionSpec option, String[] arguments) {
    Set<String> names = Set.of(option.names());
    return Stream.of(arguments).anyMatch(word -> names.contains(word.replaceFirst("=.*", "")));
  }

  private static CommandLine root(CommandLine command) {
    return command.getParent() == null ? command : root(command.getParent());
  }

  /**
   * What is wrong, in words of ours where picocli counts places, and by the name that was typed.
   */
  private static String what(ParameterException e, String[] arguments) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unknown(unmatched.getUnmatched().get(0), e.getCommandLine().getCommandSpec());
    }
    if (isHelpOf(e)) {
      return unknown(e.getValue(), e.getCommandLine().getCommandSpec());
    }
    String message =
        String.valueOf(e.getMessage())
            .replace("option option", "option")
            .replaceAll(" is not an? (int|long)\\b", " is no whole number")
            .replaceAll(" is not a (float|double)\\b", " is no number");
    return e.getArgSpec() instanceof OptionSpec option
        ? message.replace("'" + option.longestName() + "'", "'" + name(option, arguments) + "'")
        : message;
  }

  private static boolean isHelpOf(ParameterException e) {
    return e.getArgSpec() == null
        && e.getValue() != null
        && String.valueOf(e.getMessage()).startsWith("Unknown subcommand");
  }

  private static String unknown(String word, CommandSpec command) {
    boolean isOption = word.startsWith("-");
    boolean isCommand = !isOption && !command.subcommands().isEmpty();
    String typed = isOption ? word.replaceFirst("=.*", "") : word;
    String meant =
        Nearest.to(typed, isOption ? options(command) : commands(command))
            .map(near -> "; did you mean '" + near + "'?")
            .orElse("");
    return isOption || isCommand
        ? "there is no %s '%s'%s".formatted(isOption ? "option" : "command", typed, meant)
        : "'" + typed + "' is one word too many";
  }

  private static String name(OptionSpec option, String[] arguments) {
    return Stream.of(arguments)
        .map(word -> word.replaceFirst("=.*", ""))
        .filter(List.of(option.names())::contains)
        .findFirst()
        .orElse(Settings.name(option));
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
