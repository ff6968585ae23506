package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * This shows that the clients which people have work with the server, by running the example
 * scripts: OpenAI's own, at a server that takes two requests at a time, so that both have to retry,
 * LangChain's and LiteLLM's, and the way in which evaluation harnesses score.
 */
final class ClientsTest {
  private static final Path CLIENTS = ServingProcess.ROOT.resolve("examples").resolve("clients");

  @Test
  void thePythonClient() throws Exception {
    assumeTrue(
        run(CLIENTS, Redirect.PIPE, "python3", "-c", "import openai").succeeded(),
        "no Python with the package openai");

    String script = CLIENTS.resolve("chat.py").toString();
    try (ServingProcess serving = busy()) {
      assertAnswered(run(CLIENTS, Redirect.PIPE, "python3", script, serving.uri().toString()), 8);
    }
  }

  /** The way in which evaluation harnesses score. */
  @Test
  void answersAreScoredByTheLikelihoodOfTheirEcho() throws Exception {
    assertPythonAnswers("openai", "scoring.py", 4);
  }

  @Test
  void langChain() throws Exception {
    assertPythonAnswers("langchain_openai", "langchain_chat.py", 6);
  }

  @Test
  void liteLlm() throws Exception {
    assertPythonAnswers("litellm", "litellm_chat.py", 3);
  }

  private static void assertPythonAnswers(String module, String name, int checks) throws Exception {
    assumeTrue(
        run(CLIENTS, Redirect.PIPE, "python3", "-c", "import " + module).succeeded(),
        "no Python with the module " + module);
    String script = CLIENTS.resolve(name).toString();
    try (ServingProcess serving = ServingProcess.serve("--threads", "1")) {
      Run run = run(CLIENTS, Redirect.PIPE, "python3", script, serving.uri().toString());
      assertThat(run.exitCode()).as(run.output()).isZero();
      assertThat(run.output().lines().filter(line -> line.startsWith("ok  "))).hasSize(checks);
    }
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
    try (ServingProcess serving = busy()) {
      String uri = serving.uri().toString();
      assertAnswered(run(modules, script, "node", "--input-type=module", "-", uri), 7);
    }
  }

  private static ServingProcess busy() throws Exception {
    return ServingProcess.serve("--max-requests", "2");
  }

  /** The directory that holds {@code node_modules}. */
  private static Path modules() {
    String path = System.getenv("NODE_PATH");
    return path == null || path.isBlank() ? CLIENTS : Path.of(path).toAbsolutePath().getParent();
  }

  private static void assertAnswered(Run run, int checks) {
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output().lines().filter(line -> line.startsWith("ok  "))).hasSize(checks);
    assertThat(run.output()).containsPattern("retried [1-9]\\d* times");
  }

  private static Run run(Path directory, Redirect input, String... command)
      throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(directory.toFile())
              .redirectInput(input)
              .redirectErrorStream(true)
              .start();
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
