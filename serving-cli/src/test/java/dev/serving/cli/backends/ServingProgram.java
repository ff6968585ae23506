package dev.serving.cli.backends;

import static org.awaitility.Awaitility.await;

import dev.serving.cli.Main;
import dev.serving.core.model.kernel.KernelJvm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code serving} command as a user starts it, on a free port. */
final class ServingProgram implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  private final Program program;
  private final Http http;

  private ServingProgram(Program program) {
    this.program = program;
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> ADDRESS.matcher(program.log()).find() || !program.process().isAlive());
    Matcher matcher = ADDRESS.matcher(program.log());
    if (!matcher.find()) {
      throw new IllegalStateException("ended before it was ready:\n" + program.log());
    }
    http = new Http(URI.create(matcher.group() + "/"));
  }

  static ServingProgram start(Path directory, Map<String, String> environment, String... words) {
    List<String> command = new ArrayList<>(KernelJvm.command());
    command.add("-Dserving.home=" + Program.ROOT);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    command.addAll(List.of("--port", "0"));
    Path log = directory.resolve("serving-" + words[0] + ".log");
    return new ServingProgram(new Program(command, environment, log));
  }

  Http http() {
    return http;
  }

  Program program() {
    return program;
  }

  @Override
  public void close() {
    program.close();
  }
}
