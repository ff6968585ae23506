package dev.serving.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/**
 * This command once more, in a JVM that is fit for weights, in the place of this process: its input
 * and output are this process's own. What works beside it is a {@link ChildProcess}.
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
    List<String> line = OwnCommand.lineForWeights(List.of());
    line.addAll(arguments);
    Process process =
        new ProcessBuilder(line).inheritIO().redirectError(ProcessBuilder.Redirect.PIPE).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-child"));
    try (Stream<String> log = OwnCommand.log(process.getErrorStream())) {
      log.forEach(err::println);
    }
    return process.waitFor();
  }
}
