package dev.serving.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
    Arguments.speakUtf8();
    System.exit(commandLine().execute(Arguments.of(args)));
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
