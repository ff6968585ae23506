package dev.serving.cli;

import dev.serving.core.model.CheckpointException;
import dev.serving.core.model.text.TokenizerException;
import dev.serving.trace.config.TracingConfigException;
import dev.serving.viewer.ViewerException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns failures that a user can mend into one line; others keep their stack trace, since they are
 * faults of ours.
 */
final class FailureLine implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    if (!mendable(e)) {
      throw e;
    }
    command.getErr().println(of(e));
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The line, for what is {@link #mendable}. */
  static String of(Exception e) {
    return "serving: " + e.getMessage();
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
