package dev.serving.cli;

import dev.serving.core.model.kernel.KernelJvm;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** This command once more, in another JVM: what is on its command line, and what it says. */
final class OwnCommand {
  private OwnCommand() {}

  /** The start of a command line, up to the words of the command, for a JVM as any other. */
  static List<String> line() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(itself());
    return line;
  }

  /**
   * The same for a JVM that is fit for weights.
   *
   * @param jvmOptions options for it, after ours
   */
  static List<String> lineForWeights(List<String> jvmOptions) {
    List<String> line = KernelJvm.command();
    line.addAll(ClassArchive.options("engine"));
    line.addAll(jvmOptions);
    line.addAll(itself());
    return line;
  }

  private static List<String> itself() {
    return List.of(
        "-Dserving.home=" + System.getProperty("serving.home", "."),
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }

  /**
   * The lines that such a process writes, but for what a JVM says of the Vector API.
   *
   * @throws java.io.UncheckedIOException from the stream, when they cannot be read
   */
  static Stream<String> log(InputStream written) {
    return new BufferedReader(new InputStreamReader(written, StandardCharsets.UTF_8))
        .lines()
        .filter(line -> !line.equals(KernelJvm.WARNING));
  }
}
