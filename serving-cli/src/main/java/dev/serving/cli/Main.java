package dev.serving.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code serving} command. */
@Command(
    name = "serving",
    description = "An LLM inference server that shows where each request's time went.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      GenerateCommand.class,
      ModelsCommand.class,
      ViewerCommand.class,
      EngineCommand.class,
      RankCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Start with:",
      "  serving demo                                  a model, three questions, their traces",
      "  serving serve --trace-enable \\",
      "    --otlp-traces-endpoint http://localhost:4317    an OpenAI-compatible server, traced",
      "",
      "'serving help COMMAND' explains a command."
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /**
   * Runs the command and exits with its code: 0 when it did what was asked, 1 when it failed, 2
   * when it was asked wrongly, 70 when one of its threads died.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    LastWords.install();
    System.exit(commandLine().execute(args));
  }

  /** The parser, with errors of ours as one line instead of a stack trace. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Main::explain)
        .setExecutionExceptionHandler(new FailureLine());
  }

  private static int explain(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("serving: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command
        .getErr()
        .println("'" + command.getCommandSpec().qualifiedName() + " --help' lists the options");
    return CommandLine.ExitCode.USAGE;
  }

  /** Without a command: says what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
