package dev.serving.cli;

import dev.serving.core.model.kernel.KernelJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * This command once more, in a JVM that is fit for weights, in the foreground: its input and output
 * are this process's own.
 */
final class KernelProcess {
  private KernelProcess() {}

  /**
   * Runs it and waits for its end.
   *
   * @param arguments the whole command line
   * @param err where its log goes
   * @return its exit code
   * @throws IOException when no process can be started
   */
  static int run(List<String> arguments, PrintWriter err) throws IOException, InterruptedException {
    List<String> line = KernelJvm.command();
    line.addAll(ClassArchive.options("engine"));
    line.add("-Dserving.home=" + System.getProperty("serving.home", "."));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    line.addAll(arguments);
    Process process =
        new ProcessBuilder(line).inheritIO().redirectError(ProcessBuilder.Redirect.PIPE).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-child"));
    try (Stream<String> log = lines(process)) {
      log.forEach(err::println);
    }
    return process.waitFor();
  }

  /** What a child writes to its standard error, but for what the JVM says of the Vector API. */
  private static Stream<String> lines(Process process) {
    return new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))
        .lines()
        .filter(line -> !line.equals(KernelJvm.WARNING));
  }
}
