package dev.serving.core.engine;

import dev.serving.core.config.WorkerConfig;
import dev.serving.core.worker.RankPlace;
import dev.serving.core.worker.Worker;
import dev.serving.core.worker.WorkerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.ZContext;

/** A rank as a child process of a test. */
final class RankMain {
  private RankMain() {}

  /** Arguments: rank, size, address, identity, directory of the shared memory, model. */
  public static void main(String[] args) {
    RankPlace place =
        new RankPlace(
            Integer.parseInt(args[0]),
            Integer.parseInt(args[1]),
            args[2],
            args[3],
            Path.of(args[4]));
    WorkerConfig usual = Demo.config(place.size()).worker();
    WorkerConfig config =
        new WorkerConfig(Path.of(args[5]), usual.weights(), 1, usual.cache(), usual.scheduler());
    try (ZContext context = new ZContext()) {
      Worker.run(WorkerOptions.of(config, context, place));
    }
  }

  /** Starts ranks and remembers their processes. */
  static final class Launcher implements RankLauncher {
    /** For a rank that ends before the second compiler's work is of use; it computes the same. */
    private static final String SHORT_LIFE = "-XX:TieredStopAtLevel=1";

    final List<Process> processes = new ArrayList<>();
    private final Path model;
    private final String compilers;

    Launcher() {
      this(Demo.MODEL);
    }

    Launcher(Path model) {
      this(model, SHORT_LIFE);
    }

    private Launcher(Path model, String compilers) {
      this.model = model;
      this.compilers = compilers;
    }

    /** For ranks that compile their kernels. */
    static Launcher compiling() {
      return new Launcher(Demo.MODEL, "-XX:+TieredCompilation");
    }

    @Override
    public RankProcess start(RankPlace place) {
      try {
        Process process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    compilers,
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RankMain.class.getName(),
                    String.valueOf(place.rank()),
                    String.valueOf(place.size()),
                    place.address(),
                    place.identity(),
                    place.sharedMemory().toString(),
                    model.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return new Child(process);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record Child(Process process) implements RankProcess {
    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public void destroy() {
      process.destroyForcibly();
    }

    @Override
    public void onExit(Runnable action) {
      process.onExit().thenRun(action);
    }
  }
}
