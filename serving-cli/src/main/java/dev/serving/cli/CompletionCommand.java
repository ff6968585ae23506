package dev.serving.cli;

import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    description = {
      "Print a script that completes commands and options in a shell:",
      "",
      "  bash   source <(serving completion bash)",
      "  zsh    source <(serving completion zsh)"
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells that have completion. */
  enum Shell {
    BASH,
    ZSH;

    /** By the words that help has. */
    static final class Word implements ITypeConverter<Shell> {
      @Override
      public Shell convert(String text) {
        return Stream.of(values())
            .filter(shell -> shell.name().equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(() -> new TypeConversionException("'" + text + "' is not bash or zsh"));
      }
    }
  }

  /** What lets zsh run a script for bash; it must come first. */
  private static final String FOR_ZSH = "autoload -U +X compinit && compinit\n";

  @Parameters(paramLabel = "SHELL", converter = Shell.Word.class, description = "bash or zsh.")
  private Shell shell;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    String script = AutoComplete.bash(root.getCommandName(), root);
    spec.commandLine().getOut().print(shell == Shell.ZSH ? FOR_ZSH + script : script);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
