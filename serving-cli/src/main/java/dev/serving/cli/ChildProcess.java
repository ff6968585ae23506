package dev.serving.cli;

import dev.serving.core.model.kernel.KernelJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A process of ours: another JVM on the same class path. Its settings go in through standard input,
 * its log lines come out with its name before each, and it ends when this process does.
 *
 * <p>Safe from any thread.
 */
final class ChildProcess {
  private final String name;
  private final Process process;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts a child, which waits to be {@linkplain #tell told} what it needs to know.
   *
   * @param name what its log lines begin with
   * @param command the hidden sub-command that it runs
   * @param jvmOptions options for its JVM, after ours
   * @throws IOException when no process can be started
   */
  static ChildProcess start(String name, String command, List<String> jvmOptions)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(commandLine(command, jvmOptions)).redirectErrorStream(true);
    builder.environment().remove(ServerOptions.KEYS_VARIABLE); // clients' keys are ours alone
    Process process = builder.start();
    ChildProcess child = new ChildProcess(name, process);
    child.forwardLog(System.err);
    return child;
  }

  /**
   * Tells a child what it needs to know, once.
   *
   * @throws IOException when it has ended
   */
  void tell(ChildSettings settings) throws IOException {
    OutputStream in = process.getOutputStream(); // stays open: see ParentWatch
    settings.writeTo(in);
  }

  private static List<String> commandLine(String command, List<String> jvmOptions) {
    List<String> line = KernelJvm.command();
    line.addAll(ClassArchive.options("engine"));
    line.addAll(jvmOptions);
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.addAll(List.of(Main.class.getName(), command));
    return line;
  }

  private void forwardLog(PrintStream out) {
    Thread thread = new Thread(() -> copyLines(out), name + "-log");
    thread.setDaemon(true);
    thread.start();
  }

  private void copyLines(PrintStream out) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.equals(KernelJvm.WARNING)) {
          out.println("[" + name + "] " + line);
        }
      }
    } catch (IOException e) {
      // The child is gone, and its last words with it.
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit code when the child has ended. */
  CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Ends the child at once. */
  void kill() {
    process.destroyForcibly();
  }
}
