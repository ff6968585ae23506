package dev.serving.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A process that works for this one in the background. Its settings go in through standard input,
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
    List<String> line = OwnCommand.lineForWeights(jvmOptions);
    line.add(command);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
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

  private void forwardLog(PrintStream out) {
    Thread thread = new Thread(() -> copyLines(out), name + "-log");
    thread.setDaemon(true);
    thread.start();
  }

  private void copyLines(PrintStream out) {
    try (Stream<String> lines = OwnCommand.log(process.getInputStream())) {
      lines.forEach(line -> out.println("[" + name + "] " + line));
    } catch (UncheckedIOException e) {
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
