package dev.serving.cli;

import dev.serving.core.model.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where Serving is installed, as the launcher says. */
final class Home {
  private Home() {}

  /** The directory of the checkpoints that ship with Serving. */
  static Path models() {
    return Path.of(System.getProperty("serving.home", ".")).resolve("models");
  }

  /** The checkpoint that is served when none is named. */
  static Path defaultModel() {
    return models().resolve("serving-demo");
  }

  /**
   * The model's directory.
   *
   * @param given as on the command line, or null for the default
   * @throws CheckpointException when it is not there
   */
  static Path model(Path given) {
    Path model = given == null ? defaultModel() : given;
    if (!Files.isDirectory(model)) {
      throw new CheckpointException(
          "no model at " + model.toAbsolutePath() + "; name a checkpoint directory with --model");
    }
    return model.toAbsolutePath().normalize();
  }
}
