package dev.serving.cli;

import dev.serving.cli.HelpGroup.Topic;
import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.config.WorkerConfig;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.Shard;
import dev.serving.core.model.WeightType;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model runs, how it is held, and how it is split. */
@HelpGroup(Topic.BATCHES)
final class ModelOptions {
  /** The option that names a model. */
  static final String NAME = "--model";

  private static final String RANKS = "--tensor-parallel-size";

  @HelpGroup(Topic.MODEL)
  @Option(
      names = NAME,
      paramLabel = "DIR",
      description =
          "A checkpoint directory as Hugging Face lays it out (default: the small model that ships"
              + " with Serving).")
  private Path model;

  @HelpGroup(Topic.MODEL)
  @Option(
      names = "--dtype",
      defaultValue = "auto",
      converter = WeightTypes.Dtype.class,
      paramLabel = "TYPE",
      description =
          "How weights are held: bfloat16 (auto, bf16), float32 (float, f32) or int8; float16 (half)"
              + " is held as bfloat16 (default: ${DEFAULT-VALUE}, which is bfloat16).")
  private WeightType dtype;

  @HelpGroup(Topic.MODEL)
  @Option(
      names = "--quantization",
      converter = WeightTypes.Quantization.class,
      paramLabel = "METHOD",
      description = "int8: weights are rounded to one byte, whatever --dtype says (default: none).")
  private WeightType quantization;

  @HelpGroup(Topic.PROCESSES)
  @Option(
      names = {RANKS, "-tp"},
      paramLabel = "N",
      description = "Ranks that share the model's matrices (default: ${DEFAULT-VALUE}).")
  private int tensorParallel = 1;

  @HelpGroup(Topic.PROCESSES)
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Computing threads of each rank (default: the cores, divided by the ranks).")
  private Integer threads;

  @Option(
      names = "--max-num-seqs",
      paramLabel = "N",
      description = "Most sequences in a batch (default: ${DEFAULT-VALUE}).")
  private int maxSequences = SchedulerConfig.DEFAULT.maxSequences();

  @Option(
      names = "--max-num-batched-tokens",
      paramLabel = "N",
      description =
          "Most tokens in a step; longer prompts are prefilled in chunks (default:"
              + " ${DEFAULT-VALUE}).")
  private int maxBatchedTokens = SchedulerConfig.DEFAULT.maxBatchedTokens();

  @Option(
      names = "--max-waiting",
      paramLabel = "N",
      description =
          "Most requests that wait in an engine; more are refused (default: ${DEFAULT-VALUE}).")
  private int maxWaiting = SchedulerConfig.DEFAULT.maxWaiting();

  @HelpGroup(Topic.MODEL)
  @Option(
      names = "--max-model-len",
      paramLabel = "N",
      description = "Most tokens, prompt and output, of one sequence (default: the model's own).")
  private int maxModelLength = SchedulerConfig.DEFAULT.maxModelLength();

  @Option(
      names = "--block-size",
      paramLabel = "N",
      description = "Tokens in a KV block (default: ${DEFAULT-VALUE}).")
  private int blockSize = CacheConfig.DEFAULT.blockSize();

  @Option(
      names = {"--kv-cache-bytes", "--kv-cache-memory-bytes"},
      converter = ByteSize.class,
      paramLabel = "SIZE",
      description = "Bytes of each rank's KV cache (default: by --kv-cache-share).")
  private long kvCacheBytes = CacheConfig.DEFAULT.bytes();

  @Option(
      names = "--kv-cache-share",
      paramLabel = "0-1",
      description =
          "Share of the heap left beside the weights that the KV cache takes (default:"
              + " ${DEFAULT-VALUE}).")
  private double kvCacheShare = CacheConfig.DEFAULT.memoryShare();

  @Option(
      names = {"--prefix-caching", "--enable-prefix-caching"},
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Prompts that begin alike share KV blocks (default: on).")
  private boolean prefixCaching;

  /** Takes the model that a command's first word names. */
  void named(Path directory) {
    model = directory;
  }

  /** The model's directory. */
  Path directory() {
    return Home.model(model);
  }

  /**
   * Looks at the checkpoint, so that what cannot be served is said before any engine is told of it.
   *
   * @throws dev.serving.core.model.CheckpointException if it cannot be served
   */
  Checkpoint open() {
    Numbers.atLeast(1, RANKS, tensorParallel);
    Checkpoint checkpoint = Checkpoint.open(directory());
    try {
      new Shard(0, tensorParallel).check(checkpoint.config());
    } catch (IllegalArgumentException e) {
      throw new UsageException(RANKS, e.getMessage(), e);
    }
    return checkpoint;
  }

  /**
   * What each engine runs.
   *
   * @param engines data-parallel ranks that share the cores
   */
  EngineConfig engine(int engines) {
    return new EngineConfig(worker(directory(), engines), tensorParallel);
  }

  private WorkerConfig worker(Path directory, int engines) {
    int cores = Runtime.getRuntime().availableProcessors();
    int each =
        threads != null ? threads : Math.max(1, cores / Math.max(1, tensorParallel * engines));
    return new WorkerConfig(
        directory,
        quantization == null ? dtype : quantization,
        each,
        new CacheConfig(blockSize, kvCacheBytes, kvCacheShare, prefixCaching),
        new SchedulerConfig(maxBatchedTokens, maxSequences, maxWaiting, maxModelLength));
  }
}
