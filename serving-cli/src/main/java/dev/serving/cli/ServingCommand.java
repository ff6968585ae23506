package dev.serving.cli;

import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The {@code serving} command line. Reading it takes a parser some thousand reflective calls, most
 * of them for commands that nobody asked for: of a command that is named only that one is made.
 */
@Command(
    name = "serving",
    description = "An LLM inference server that shows where each request's time went.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG, Exits.DIED, Exits.CUT},
    versionProvider = Version.class,
    footer = {
      "",
      "Start with:",
      "  serving demo                    three questions to a model, and their traces",
      "  serving serve --trace-enable    an OpenAI-compatible server, and its traces",
      "",
      "'serving help COMMAND' explains a command."
    })
class ServingCommand implements Runnable {
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
    root.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(new WrongUsage())
        .setExecutionExceptionHandler(new FailureLine())
        .setExecutionStrategy(ServingCommand::runAndFlush);
    HelpText.install(root);
    return root;
  }

  /** A command's writer holds what was printed without the end of a line, also at its end. */
  private static int runAndFlush(CommandLine.ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } finally {
      parsed.asCommandLineList().forEach(command -> command.getOut().flush());
    }
  }

  private static List<Class<?>> commands(String... words) {
    List<Class<?>> all = List.of(WholeCommand.class.getAnnotation(Command.class).subcommands());
    return all.stream()
        .filter(command -> words.length > 0 && words[0].equals(name(command)))
        .filter(command -> !OF_ALL.contains(command))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(all);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  /** Without a command: says what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
