package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * This shows that the clients which people have work with the server, by running the example
 * scripts: OpenAI's own, LangChain's and LiteLLM's, and the way in which evaluation harnesses
 * score. The server takes two requests at a time, so that who sends more has to retry.
 */
final class ClientsTest {
  private static final Path CLIENTS = ServingProcess.ROOT.resolve("examples").resolve("clients");

  /**
   * Packages for Python, each in a directory of its own: they need different versions of others.
   */
  private static final String PACKAGES = System.getenv("PYTHON_PACKAGES");

  private static ServingProcess server;

  @Test
  void thePythonClient() throws Exception {
    assumeInstalled("openai");
    String script = CLIENTS.resolve("chat.py").toString();
    assertAnswered(python("openai", script, server().uri().toString()), 8);
  }

  /** The way in which evaluation harnesses score. */
  @Test
  void answersAreScoredByTheLikelihoodOfTheirEcho() throws Exception {
    assertPythonAnswers("openai", "scoring.py", 4);
  }

  @Test
  void langChain() throws Exception {
    assertPythonAnswers("langchain-openai", "langchain_chat.py", 6);
  }

  @Test
  void liteLlm() throws Exception {
    assertPythonAnswers("litellm", "litellm_chat.py", 3);
  }

  private static void assertPythonAnswers(String packaged, String name, int checks)
      throws Exception {
    assumeInstalled(packaged);
    String script = CLIENTS.resolve(name).toString();
    assertAllOk(python(packaged, script, server().uri().toString()), checks);
  }

  /** Some packages take ten seconds to import, and an instant to find. */
  private static void assumeInstalled(String packaged) throws InterruptedException {
    String find =
        "import importlib.util as u, sys; sys.exit(u.find_spec('%s') is None)"
            .formatted(packaged.replace('-', '_'));
    assumeTrue(python(packaged, "-c", find).succeeded(), "no package " + packaged);
  }

  @Test
  void theJavaScriptClient() throws Exception {
    Path modules = modules();
    assumeTrue(
        run(modules, Redirect.PIPE, "node", "--input-type=module", "-e", "import 'openai'")
            .succeeded(),
        "no Node with the package openai");

    // Read from standard input, a module finds packages beside the working directory.
    Redirect script = Redirect.from(CLIENTS.resolve("chat.mjs").toFile());
    String uri = server().uri().toString();
    assertAnswered(run(modules, script, "node", "--input-type=module", "-", uri), 7);
  }

  /** One for all clients, as soon as there is one. */
  private static ServingProcess server() throws Exception {
    if (server == null) {
      server = ServingProcess.serve("--max-requests", "2");
    }
    return server;
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
  }

  /** The directory that holds {@code node_modules}. */
  private static Path modules() {
    String path = System.getenv("NODE_PATH");
    return path == null || path.isBlank() ? CLIENTS : Path.of(path).toAbsolutePath().getParent();
  }

  private static void assertAnswered(Run run, int checks) {
    assertAllOk(run, checks);
    assertThat(run.output()).containsPattern("retried [1-9]\\d* times");
  }

  private static void assertAllOk(Run run, int checks) {
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output().lines().filter(line -> line.startsWith("ok  "))).hasSize(checks);
  }

  /** Runs Python with that package, and what it needs, before all others. */
  private static Run python(String packaged, String... words) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("python3").directory(CLIENTS.toFile());
    builder.command().addAll(List.of(words));
    Path own = PACKAGES == null ? null : Path.of(PACKAGES, packaged).toAbsolutePath();
    if (own != null && Files.isDirectory(own)) {
      builder.environment().merge("PYTHONPATH", own.toString(), (old, p) -> p + ":" + old);
    }
    return run(builder);
  }

  private static Run run(Path directory, Redirect input, String... command)
      throws InterruptedException {
    return run(
        new ProcessBuilder(List.of(command)).directory(directory.toFile()).redirectInput(input));
  }

  private static Run run(ProcessBuilder builder) throws InterruptedException {
    try {
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(1, TimeUnit.MINUTES);
      return new Run(process.exitValue(), output);
    } catch (IOException e) {
      return new Run(-1, e.getMessage()); // no such program
    }
  }

  private record Run(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }
}
