package dev.serving.bench.model;

import dev.serving.core.model.WeightType;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A {@link TypeRun} in a child process, with the JVM options of a server's engine and then those of
 * this process; it ends with its input.
 */
final class TypeProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader told;

  /** Starts it; {@link #await} says when it has loaded and warmed up. */
  TypeProcess(Path checkpoint, WeightType type, int threads) throws IOException {
    process =
        EngineJvm.run(TypeRun.class, checkpoint.toString(), type.name(), Integer.toString(threads))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    told = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Measures a round. */
  void measure(Speeds speeds) throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    await(speeds);
  }

  /** Takes what it tells, up to the empty line. */
  void await(Speeds speeds) throws IOException {
    String line = told.readLine();
    while (line != null && !line.isEmpty()) {
      String[] parts = line.split("\t", -1);
      speeds.add(parts[0], Double.parseDouble(parts[1]));
      line = told.readLine();
    }
    if (line == null) {
      throw new IOException("the benchmark's child process has ended");
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
  }
}
