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
  /**
   * What Linux says when a directory is read as a file; Java has no exception of its own for it.
   */
  private static final String IS_DIRECTORY = "Is a directory";

  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    if (!mendable(e)) {
      throw e;
    }
    Optional<OptionSpec> wrong = wrongOption(e, command);
    if (wrong.isPresent()) {
      return command
          .getParameterExceptionHandler()
          .handleParseException(
              new ParameterException(command, e.getMessage(), e, wrong.get(), null),
              parsed.originalArgs().toArray(String[]::new));
    }
    command.getErr().println(of(e));
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** What was wrong with a file, which those who could not use it do not say. */
  private static String why(Exception e) {
    boolean ofFile =
        e.getCause() instanceof FileSystemException
            || e.getCause() instanceof CharacterCodingException
            || (e.getCause() instanceof IOException io && IS_DIRECTORY.equals(io.getMessage()));
    return ofFile ? ": " + FileFault.why((IOException) e.getCause()) : "";
  }

  /**
   * The option whose value makes no sense, if that is what is wrong. Of several that a message
   * names, it is one that somebody has set.
   */
  private static Optional<OptionSpec> wrongOption(Exception e, CommandLine command) {
    if (!(e instanceof IllegalArgumentException)) {
      return Optional.empty();
    }
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
    return "serving: " + e.getMessage() + why(e);
  }

  /** Whether its message tells a user what to change. */
  static boolean mendable(Exception e) {
    return e instanceof StartException
        || e instanceof CheckpointException
        || e instanceof TokenizerException
        || e instanceof TracingConfigException
        || e instanceof ViewerException
        || e instanceof IllegalArgumentException
        || e instanceof UncheckedIOException;
  }
}
