package dev.serving.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which Serving this is. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    description = "Print the version of Serving and of the Java that runs it.")
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    for (String line : new Version().getVersion()) {
      spec.commandLine().getOut().println(line);
    }
    return 0;
  }
}
