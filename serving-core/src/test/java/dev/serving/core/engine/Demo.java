package dev.serving.core.engine;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.config.WorkerConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.model.WeightType;
import dev.serving.trace.TraceCarrier;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The model that ships, and requests for it. */
final class Demo {
  static final Path MODEL = Path.of("..", "models", "serving-demo").toAbsolutePath().normalize();
  static final int MAX_LENGTH = 512;

  private Demo() {}

  static EngineConfig config(int tensorParallel) {
    return config(tensorParallel, SchedulerConfig.DEFAULT, CacheConfig.DEFAULT);
  }

  static EngineConfig config(int tensorParallel, SchedulerConfig scheduler, CacheConfig cache) {
    return new EngineConfig(
        new WorkerConfig(MODEL, WeightType.BF16, 1, cache, scheduler), tensorParallel);
  }

  /** Room for so many blocks of 16 tokens: 4 layers, 4 heads, 32 wide, keys and values. */
  static CacheConfig blocks(int count) {
    return new CacheConfig(16, count * 4L * 4 * 4 * 32 * 2 * 16, 0.5, true);
  }

  static int[] prompt(int seed, int length) {
    return IntStream.range(0, length).map(i -> 300 + (seed * 37 + i * i * 11) % 1500).toArray();
  }

  /** Greedy, exactly so many tokens. */
  static Generate request(String rid, int[] prompt, int tokens) {
    SamplingParams sampling = SamplingParams.greedy(tokens).withIgnoreEos(true);
    return new Generate(rid, prompt, sampling, 0, TraceCarrier.none());
  }
}
