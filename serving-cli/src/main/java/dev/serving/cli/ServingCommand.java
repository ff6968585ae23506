package dev.serving.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code serving} command line. Reading it takes a parser some thousand reflective calls, most
 * of them for commands that nobody asked for: of a command that is named only that one is made.
 */
@Command(
    name = "serving",
    description = "An LLM inference server that shows where each request's time went.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Start with:",
      "  serving demo                                  a model, three questions, their traces",
      "  serving serve --trace-enable \\",
      "    --otlp-traces-endpoint http://localhost:4317    an OpenAI-compatible server, traced",
      "",
      "'serving help COMMAND' explains a command."
    })
final class ServingCommand implements Runnable {
  /** In the order in which they are listed. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          ServeCommand.class,
          DemoCommand.class,
          ChatCommand.class,
          GenerateCommand.class,
          ModelsCommand.class,
          ViewerCommand.class,
          TraceCommand.class,
          McpCommand.class,
          TracingCommand.class,
          WhyCommand.class,
          VersionCommand.class,
          CompletionCommand.class,
          CommandLine.HelpCommand.class);

  /** Those that speak of all others. */
  private static final Set<Class<?>> OF_ALL =
      Set.of(CompletionCommand.class, CommandLine.HelpCommand.class);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /**
   * A parser with errors of ours as one line instead of a stack trace.
   *
   * @param words what it is to parse; another parser is needed for other words
   */
  static CommandLine parserOf(String... words) {
    CommandLine root = new CommandLine(new ServingCommand());
    commands(words).forEach(root::addSubcommand);
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(ServingCommand::explain)
        .setExecutionExceptionHandler(new FailureLine());
  }

  private static List<Class<?>> commands(String... words) {
    return COMMANDS.stream()
        .filter(command -> words.length > 0 && words[0].equals(name(command)))
        .filter(command -> !OF_ALL.contains(command))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(COMMANDS);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  private static int explain(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("serving: " + e.getMessage());
    if (Arguments.ascii() && String.valueOf(e.getMessage()).chars().anyMatch(c -> c > 127)) {
      command.getErr().println("this JVM's locale knows ASCII names only; set LC_ALL=C.UTF-8");
    }
    meant(e).ifPresent(word -> command.getErr().println("did you mean '" + word + "'?"));
    command
        .getErr()
        .println("'" + command.getCommandSpec().qualifiedName() + " --help' lists the options");
    return CommandLine.ExitCode.USAGE;
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

  /** Without a command: says what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
