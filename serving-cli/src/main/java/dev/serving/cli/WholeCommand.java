package dev.serving.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The {@code serving} command with all that it can be asked, in the order in which it is listed.
 * What runs is a {@link ServingCommand} with the one that was asked for, since describing all of
 * them takes a third of a second; man pages are made of this one.
 */
@Command(
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
      BenchCommand.class,
      WhyCommand.class,
      VersionCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
final class WholeCommand extends ServingCommand {}
