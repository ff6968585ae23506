package dev.serving.cli;

import dev.serving.core.model.CheckpointException;
import dev.serving.core.model.text.TokenizerException;
import dev.serving.trace.config.TracingConfigException;
import dev.serving.viewer.ViewerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns failures that a user can mend into one line; others keep their stack trace, since they are
 * faults of ours.
 */
final class FailureLine implements IExecutionExceptionHandler {
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    if (!mendable(e)) {
      throw e;
    }
    Optional<OptionSpec> wrong = wrongOption(e, command);
    if (wrong.isPresent() || e instanceof UsageException) {
      return command
          .getParameterExceptionHandler()
          .handleParseException(
              wrong.isPresent()
                  ? new ParameterException(command, text(e), e, wrong.get(), null)
                  : new ParameterException(command, text(e), e),
              parsed.originalArgs().toArray(String[]::new));
    }
    command.getErr().println(of(e));
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String text(Exception e) {
    return e.getMessage() + why(e);
  }

  /** What was wrong with a file, which those who could not use it do not say: only here it is. */
  private static String why(Exception e) {
    return e.getCause() instanceof IOException fault && isOfFile(fault)
        ? ": " + FileFault.why(fault)
        : "";
  }

  /** Java has a class for some of what a system says of files; the rest is plain. */
  private static boolean isOfFile(IOException fault) {
    return fault instanceof FileSystemException
        || fault instanceof CharacterCodingException
        || (fault.getClass() == IOException.class && fault.getCause() == null);
  }

  /**
   * The option whose value makes no sense, if that is what is wrong. Of several that a message
   * names, it is one that somebody has set.
   */
  private static Optional<OptionSpec> wrongOption(Exception e, CommandLine command) {
    if (e instanceof UsageException usage) {
      return Optional.ofNullable(command.getCommandSpec().findOption(usage.option()));
    }
    if (e instanceof CheckpointException || e instanceof TokenizerException) {
      return namedModel(command);
    }
    return e instanceof IllegalArgumentException ? named(e, command) : Optional.empty();
  }

  /** A model that was named is as a value that was; one that ships with us is our own fault. */
  private static Optional<OptionSpec> namedModel(CommandLine command) {
    return Optional.ofNullable(command.getCommandSpec().findOption(ModelOptions.NAME))
        .filter(option -> isSet(option, command) || option.getValue() != null);
  }

  private static Optional<OptionSpec> named(Exception e, CommandLine command) {
    List<OptionSpec> named =
        OPTION
            .matcher(String.valueOf(e.getMessage()))
            .results()
            .map(name -> command.getCommandSpec().findOption(name.group()))
            .filter(Objects::nonNull)
            .toList();
    return named.stream()
        .filter(option -> isSet(option, command))
        .findFirst()
        .or(() -> named.stream().findFirst());
  }

  private static boolean isSet(OptionSpec option, CommandLine command) {
    return command.getParseResult().hasMatchedOption(option)
        || Settings.of(command.getCommandSpec()).flatMap(s -> s.setBy(option)).isPresent();
  }

  /** The line, for what is {@link #mendable}. */
  static String of(Exception e) {
    return "serving: " + text(e);
  }

  /** Whether its message tells a user what to change. */
  static boolean mendable(Exception e) {
    return e instanceof StartException
        || e instanceof UsageException
        || e instanceof CheckpointException
        || e instanceof TokenizerException
        || e instanceof TracingConfigException
        || e instanceof ViewerException
        || e instanceof IllegalArgumentException
        || e instanceof UncheckedIOException;
  }
}
