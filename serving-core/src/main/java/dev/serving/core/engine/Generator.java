package dev.serving.core.engine;

import dev.serving.core.config.WorkerConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.SchedulerMessage.StepDone;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.Collective;
import dev.serving.core.worker.ModelRunner;
import dev.serving.trace.TraceCarrier;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * One model in this process, for one prompt at a time: the engine's scheduler and a rank's runner
 * with no links between them. One thread.
 *
 * <pre>{@code
 * try (Generator generator = Generator.open(config)) {
 *   generator.generate(prompt, SamplingParams.greedy(100), token -> print(token));
 * }
 * }</pre>
 */
public final class Generator implements AutoCloseable {
  private static final String RID = "generate";

  private final ModelRunner runner;
  private final Scheduler scheduler;
  private final long loadNs;
  private IntConsumer listener = token -> {};
  private Output last;

  private Generator(WorkerConfig config, long start) {
    Checkpoint checkpoint = Checkpoint.open(config.model());
    int wanted = Limits.length(config.scheduler(), checkpoint.config());
    runner = ModelRunner.load(config, Collective.SOLO);
    runner.warmUp(config.scheduler(), Collective.SOLO);
    int length = (int) Math.min(wanted, roomForTokens());
    scheduler =
        new Scheduler(
            config.scheduler(),
            new Limits(
                length, checkpoint.config().vocabSize(), checkpoint.generation().stopTokens()),
            new BlockManager(runner.kvBlocks(), runner.blockSize(), config.cache().prefixReuse()),
            EngineListener.NONE,
            this::hear,
            release -> runner.release(release.rid()));
    loadNs = System.nanoTime() - start;
  }

  /**
   * Loads a model.
   *
   * @throws dev.serving.core.model.CheckpointException when it cannot be served
   * @throws IllegalArgumentException when the configuration does not fit the model
   */
  public static Generator open(WorkerConfig config) {
    return new Generator(config, System.nanoTime());
  }

  /** Tokens that the KV cache has room for. */
  public long roomForTokens() {
    return (long) runner.kvBlocks() * runner.blockSize();
  }

  /** Bytes of the weights in memory. */
  public long weightBytes() {
    return runner.weightBytes();
  }

  /** How long loading and warming up took, in milliseconds. */
  public long loadMillis() {
    return TimeUnit.NANOSECONDS.toMillis(loadNs);
  }

  /**
   * Generates until the sequence ends.
   *
   * @param prompt token ids
   * @param sampling how to choose tokens, and how many
   * @param tokens hears each token as it is chosen, on the calling thread
   * @throws IllegalArgumentException when the prompt cannot be served, with the reason
   */
  public Generation generate(int[] prompt, SamplingParams sampling, IntConsumer tokens) {
    long start = System.nanoTime();
    long[] first = {0};
    int[] count = {0};
    listener =
        token -> {
          if (count[0]++ == 0) {
            first[0] = System.nanoTime();
          }
          tokens.accept(token);
        };
    scheduler.add(new Generate(RID, prompt, sampling, 0, TraceCarrier.none()));
    while (scheduler.hasWork()) {
      step();
    }
    if (last.finish().failed()) {
      throw new IllegalArgumentException(last.error());
    }
    long end = System.nanoTime();
    return new Generation(
        last.finish(), prompt.length, last.cachedTokens(), count[0], first[0] - start, end - start);
  }

  private void step() {
    Batch batch = scheduler.next();
    long start = System.nanoTime();
    Step step = batch.toStep();
    List<Sampled> tokens =
        runner.run(step).stream()
            .map(c -> new Sampled(c.rid(), c.token(), c.logprobs(), TraceCarrier.none()))
            .toList();
    long end = System.nanoTime();
    StepDone done = new StepDone(step.id(), end - start, 0, 0, tokens, runner.scored());
    scheduler.complete(batch, new StepResult(start, end, List.of(done)));
  }

  private void hear(Output output) {
    last = output;
    output.tokens().forEach(listener::accept);
  }

  @Override
  public void close() {
    runner.close();
  }

  /**
   * What one call made.
   *
   * @param finish why it ended: STOP or LENGTH
   * @param promptTokens tokens of the prompt
   * @param cachedTokens how many of them were in the KV cache already
   * @param outputTokens tokens generated, a stop token included
   * @param firstTokenNs from the call to the first token, in nanoseconds
   * @param totalNs from the call to the end, in nanoseconds
   */
  public record Generation(
      FinishReason finish,
      int promptTokens,
      int cachedTokens,
      int outputTokens,
      long firstTokenNs,
      long totalNs) {
    /** Tokens a second after the first one; 0 when there was but one. */
    public double tokensPerSecond() {
      return outputTokens < 2 ? 0 : (outputTokens - 1) * 1e9 / (totalNs - firstTokenNs);
    }
  }
}
