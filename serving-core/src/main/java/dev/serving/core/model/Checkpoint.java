package dev.serving.core.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model directory in Hugging Face's layout whose configuration and tensor headers have been read
 * and checked against each other; no weight has been read yet. Immutable.
 */
public final class Checkpoint {
  private final Path directory;
  private final ModelConfig config;
  private final GenerationConfig generation;
  private final WeightNames weights;
  private final long fileBytes;

  private Checkpoint(
      Path directory,
      ModelConfig config,
      GenerationConfig generation,
      WeightNames weights,
      long fileBytes) {
    this.directory = directory;
    this.config = config;
    this.generation = generation;
    this.weights = weights;
    this.fileBytes = fileBytes;
  }

  /**
   * Opens a directory.
   *
   * @throws CheckpointException if it cannot be served, in one line that says what is missing,
   *     damaged or unsupported, and where
   */
  public static Checkpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CheckpointException(directory + " is not a directory with a model");
    }
    JsonFile json = JsonFile.read(directory.resolve("config.json"));
    ModelConfig config = ConfigReader.read(json);
    GenerationConfig generation = GenerationReader.read(json, generation(directory));
    TensorCatalog tensors = TensorCatalog.open(directory);
    WeightNames weights = new WeightNames(config, tensors);
    weights.checkAll();
    return new Checkpoint(directory, config, generation, weights, tensors.bytes());
  }

  /** The model's shape. */
  public ModelConfig config() {
    return config;
  }

  /** Stop tokens and recommended sampling. */
  public GenerationConfig generation() {
    return generation;
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  /** What its tensors take in its files, in bytes. */
  public long fileBytes() {
    return fileBytes;
  }

  WeightNames weights() {
    return weights;
  }

  /** It only recommends: a model is served without it, as transformers does, if it is damaged. */
  private static JsonFile generation(Path directory) {
    Path file = directory.resolve("generation_config.json");
    try {
      if (Files.exists(file)) {
        return JsonFile.read(file);
      }
    } catch (CheckpointException e) {
      System.getLogger(Checkpoint.class.getName())
          .log(System.Logger.Level.WARNING, "{0}; it is ignored", e.getMessage());
    }
    return JsonFile.parse(file.toString(), "{}".getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What the matrices of the layers take at least on each rank, in bytes: a heap that is smaller
   * cannot hold the model.
   *
   * @param type how they are held
   * @param ranks how many share them
   */
  public long leastBytes(WeightType type, int ranks) {
    long attention = 2L * (config.heads() + config.kvHeads()) * config.headDim();
    long weights =
        (long) config.layers() * config.hiddenSize() * (attention + 3L * config.intermediateSize());
    return weights * type.bytes() / ranks;
  }
}
