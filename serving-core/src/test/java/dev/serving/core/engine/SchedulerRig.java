package dev.serving.core.engine;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.SchedulerMessage.StepDone;
import dev.serving.trace.TraceCarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A scheduler over ranks without a model, and all that it says. */
final class SchedulerRig {
  static final int BLOCK = 4;

  /** Four sequences and 16 rows a step, of a length as the model allows. */
  static final SchedulerConfig ROOMY = new SchedulerConfig(16, 4, 8, 0);

  final List<Output> outputs = new ArrayList<>();
  final List<Release> releases = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final BlockManager blocks;
  final ShadowRanks ranks;
  final Scheduler scheduler;

  SchedulerRig(int kvBlocks, SchedulerConfig config) {
    this(kvBlocks, config, new Limits(Math.min(400, kvBlocks * BLOCK), 1000, Set.of()));
  }

  SchedulerRig(int kvBlocks, SchedulerConfig config, Limits limits) {
    blocks = new BlockManager(kvBlocks, BLOCK, true);
    ranks = new ShadowRanks(kvBlocks, BLOCK);
    scheduler = new Scheduler(config, limits, blocks, new Recorder(), outputs::add, this::released);
  }

  private void released(Release release) {
    releases.add(release);
    ranks.release(release);
  }

  /** One step of three verbs. */
  Step step() {
    Batch batch = scheduler.next();
    Step step = batch.toStep();
    scheduler.complete(batch, result(step.id(), ranks.run(step)));
    return step;
  }

  void runToEnd() {
    while (scheduler.hasWork()) {
      step();
    }
  }

  void steps(int count) {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  /** Who ended, in order. */
  List<String> ended() {
    return outputs.stream().filter(o -> o.finish() != null).map(Output::rid).toList();
  }

  List<Integer> tokensOf(String rid) {
    return outputs.stream()
        .filter(output -> output.rid().equals(rid))
        .flatMap(output -> output.tokens().stream())
        .toList();
  }

  Output lastOf(String rid) {
    return outputs.stream()
        .filter(output -> output.rid().equals(rid) && output.finish() != null)
        .reduce(
            (a, b) -> {
              throw new AssertionError(rid + " ended twice");
            })
        .orElseThrow(() -> new AssertionError(rid + " has not ended"));
  }

  static int[] prompt(int seed, int length) {
    return IntStream.range(0, length).map(i -> (seed * 31 + i * 7) % 1000).toArray();
  }

  static Generate request(String rid, int[] prompt, int maxTokens) {
    return request(rid, prompt, maxTokens, 0);
  }

  static Generate request(String rid, int[] prompt, int maxTokens, int priority) {
    return new Generate(
        rid, prompt, SamplingParams.greedy(maxTokens), priority, TraceCarrier.none());
  }

  static Generate ofClient(String client, String rid, int[] prompt, int maxTokens) {
    return ofClient(client, rid, prompt, maxTokens, 0);
  }

  static Generate ofClient(String client, String rid, int[] prompt, int maxTokens, int priority) {
    SamplingParams sampling = SamplingParams.greedy(maxTokens);
    return new Generate(rid, client, prompt, sampling, priority, TraceCarrier.none());
  }

  /** A step in short: {@code a:P0+8 b:D5+1*}; the star marks rows that choose a token. */
  static String text(Step step) {
    return String.join(" ", step.chunks().stream().map(SchedulerRig::text).toList());
  }

  private static String text(Chunk chunk) {
    return chunk.rid()
        + (chunk.phase() == Phase.PREFILL ? ":P" : ":D")
        + chunk.start()
        + "+"
        + chunk.tokens().length
        + (chunk.samples() ? "*" : "");
  }

  /** One rank's answer, a nanosecond after it was asked. */
  static StepResult result(long step, List<Sampled> tokens) {
    return new StepResult(0, 1, List.of(new StepDone(step, 1, 0, tokens)));
  }

  private final class Recorder implements EngineListener {
    @Override
    public void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {
      events.add("queued " + rid + " tokens=" + promptTokens + " behind=" + queueLength);
    }

    @Override
    public void delayed(String rid, Delay cause) {
      events.add("delayed " + rid + " " + cause);
    }

    @Override
    public void scheduled(String rid, long step, int batchSize, int position, int cachedTokens) {
      events.add(
          "scheduled " + rid + " at " + position + "/" + batchSize + " cached=" + cachedTokens);
    }

    @Override
    public void chunk(String rid, int tokens) {
      events.add("chunk " + rid + " " + tokens);
    }

    @Override
    public void firstToken(String rid) {
      events.add("firstToken " + rid);
    }

    @Override
    public void token(String rid) {
      events.add("token " + rid);
    }

    @Override
    public void preempted(String rid, String reason) {
      events.add("preempted " + rid + " " + reason);
    }

    @Override
    public void paused(String rid) {
      events.add("paused " + rid);
    }

    @Override
    public void resumed(String rid) {
      events.add("resumed " + rid);
    }

    @Override
    public void finished(
        String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
      events.add("finished " + rid + " " + reason + " " + promptTokens + "+" + outputTokens);
    }

    @Override
    public void step(StepRecord step) {
      events.add("step " + step.rows(Phase.PREFILL) + "+" + step.rows(Phase.DECODE));
    }
  }
}
