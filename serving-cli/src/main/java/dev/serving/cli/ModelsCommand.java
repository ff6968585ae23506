package dev.serving.cli;

import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.CheckpointException;
import dev.serving.core.model.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the checkpoints in a directory and whether they can be served. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    description = "List the checkpoints in a directory, and say of each whether it can be served.")
final class ModelsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "A directory of checkpoints (default: the models that ship with Serving).")
  private Path directory;

  @Override
  public Integer call() {
    Path root = directory == null ? Home.models() : directory;
    if (!Files.isDirectory(root)) {
      throw new UsageException("DIR", "no directory " + root);
    }
    try (Stream<Path> entries = Files.list(root)) {
      entries.filter(ModelsCommand::isCheckpoint).sorted().forEach(ModelsCommand::describe);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + root, e);
    }
    return 0;
  }

  private static boolean isCheckpoint(Path path) {
    return Files.exists(path.resolve("config.json"));
  }

  private static void describe(Path path) {
    System.out.println(path.getFileName() + "  " + description(path));
  }

  private static String description(Path path) {
    try {
      ModelConfig config = Checkpoint.open(path).config();
      return "%s, %d layers of %d, %d tokens of context"
          .formatted(
              config.architecture().name().toLowerCase(Locale.ROOT),
              config.layers(),
              config.hiddenSize(),
              config.maxPositions());
    } catch (CheckpointException e) {
      return "cannot be served: " + e.getMessage();
    }
  }
}
