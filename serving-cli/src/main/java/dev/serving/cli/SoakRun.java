package dev.serving.cli;

import dev.serving.cli.load.LoadConfig;
import dev.serving.cli.soak.Soak;
import dev.serving.cli.soak.SoakReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;

/** The soak of {@code serving bench}: a server of this program's own, started as this one was. */
final class SoakRun {
  private static final double LEAVING = 0.2;

  /** Without a rate: clients that ask again at once would see little but a server that is down. */
  private static final double RATE = 6;

  private final CommandSpec spec;
  private final LoadConfig load;

  /**
   * A soak.
   *
   * @param load as asked for
   * @param elsewhere whether an option was given that has no meaning here
   * @throws IllegalArgumentException when an option was given that has no meaning here
   */
  SoakRun(CommandSpec spec, TargetOptions target, LoadConfig load, boolean elsewhere) {
    this.spec = spec;
    this.load = load;
    if (elsewhere || target.isGiven()) {
      throw new IllegalArgumentException(
          "--soak starts a server of its own and prints a report: leave out --base-url, --json and"
              + " --page");
    }
  }

  /**
   * Runs it for so long and prints what it has shown.
   *
   * @return the exit code: 1 if anything is not as it should be
   */
  int run(Duration duration) {
    try (Interruption interruption = Interruption.ofThisThread()) {
      Path log = Files.createTempFile("serving-soak-", ".log");
      boolean passed = false;
      try {
        passed = print(report(new Soak(OwnCommand.line(), during(duration), log, LastWords::end)));
      } catch (InterruptedException e) {
        spec.commandLine().getErr().println("serving: ended before anything was looked at");
      }
      spec.commandLine().getOut().println("The server's log: " + log);
      return interruption.exitCode() != 0 ? interruption.exitCode() : passed ? 0 : 1;
    } catch (IOException e) {
      throw new UncheckedIOException("the soak broke off", e);
    }
  }

  private boolean print(SoakReport report) {
    spec.commandLine().getOut().print(report.text());
    return report.passed();
  }

  private SoakReport report(Soak soak) throws IOException, InterruptedException {
    PrintWriter terminal = Terminal.watchesErrors() ? spec.commandLine().getErr() : null;
    try (ProgressLine progress = new ProgressLine(terminal)) {
      return soak.run(progress);
    }
  }

  private LoadConfig during(Duration duration) {
    return new LoadConfig(
        load.isOpen() ? load.requestRate() : RATE,
        load.isOpen() ? load.maxConcurrency() : Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        duration,
        load.input(),
        load.output(),
        load.prefixLength(),
        load.prefixes(),
        load.cancelRatio() == 0 ? LEAVING : load.cancelRatio(),
        load.seed());
  }
}
