package dev.serving.core.worker;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.config.WorkerConfig;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.SchedulerMessage.Scored;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.Collective;
import dev.serving.core.model.ForwardBatch;
import dev.serving.core.model.KvCache;
import dev.serving.core.model.Shard;
import dev.serving.core.model.Transformer;
import dev.serving.core.model.kernel.Kernels;
import dev.serving.core.model.kernel.ThreadTeam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Runs steps on one rank's share of the model: keeps each sequence's block table and sampling
 * state, and on rank 0 chooses tokens. Owned by the rank's thread.
 */
public final class ModelRunner implements AutoCloseable {
  private final ThreadTeam team;
  private final Transformer model;
  private final KvCache cache;
  private final boolean samples;
  private final int[] stopTokens;
  private final Candidates[] candidates; // one for each member of the team
  private final SplittableRandom seeds = new SplittableRandom();
  private final Map<String, RankSequence> sequences = new HashMap<>();
  private float[] logits = {};
  private List<Scored> scored = List.of();

  private ModelRunner(
      ThreadTeam team, Transformer model, KvCache cache, boolean samples, int[] stopTokens) {
    this.team = team;
    this.model = model;
    this.cache = cache;
    this.samples = samples;
    this.stopTokens = stopTokens;
    candidates = new Candidates[samples ? team.size() : 0];
    Arrays.setAll(candidates, member -> new Candidates(model.config().vocabSize()));
  }

  /**
   * Loads a rank's weights and makes its KV cache.
   *
   * @throws dev.serving.core.model.CheckpointException when the model cannot be read
   * @throws IllegalArgumentException when the model does not divide or no KV block fits
   */
  public static ModelRunner load(WorkerConfig config, Collective collective) {
    Checkpoint checkpoint = Checkpoint.open(config.model());
    Shard shard = new Shard(collective.rank(), collective.size());
    ThreadTeam team = new ThreadTeam(config.threads());
    Transformer model = Transformer.load(checkpoint, config.weights(), shard, collective, team);
    long left = Runtime.getRuntime().maxMemory() - model.weightBytes();
    int blocks =
        KvRoom.blocks(config.cache(), config.scheduler(), checkpoint.config(), shard, left);
    return new ModelRunner(
        team,
        model,
        new KvCache(checkpoint.config(), shard, blocks, config.cache().blockSize()),
        collective.rank() == 0,
        checkpoint.generation().stopTokens().stream().mapToInt(Integer::intValue).toArray());
  }

  /** KV blocks there are. */
  public int kvBlocks() {
    return cache.blocks();
  }

  /** Tokens in a KV block. */
  public int blockSize() {
    return cache.blockSize();
  }

  /** Bytes of this rank's weights. */
  public long weightBytes() {
    return model.weightBytes();
  }

  /**
   * Runs passes until the kernels are compiled. On every rank, before the first step.
   *
   * @param config how large steps will be
   */
  public void warmUp(SchedulerConfig config, Collective collective) {
    new WarmUp(this, config, model.config().maxPositions()).run(collective);
    Kernels.best().modelIsWarm();
  }

  /**
   * Runs one forward pass.
   *
   * @return on rank 0 a token for each chunk that samples, in order; elsewhere nothing
   * @throws IllegalArgumentException when the step does not follow from those before
   */
  public List<Choice> run(Step step) {
    List<RankSequence> batch = new ArrayList<>(step.chunks().size());
    for (Chunk chunk : step.chunks()) {
      batch.add(place(chunk));
    }
    forward(Rows.of(step.chunks(), batch));
    if (!samples) {
      return List.of();
    }
    int[] from = logitsFrom(step.chunks(), batch);
    scored = score(step.chunks(), batch, from);
    return choose(step.chunks(), batch, from);
  }

  /** On rank 0: how likely the last step made tokens of prompts that want to know. */
  public List<Scored> scored() {
    return scored;
  }

  /** Where each chunk's logits begin, in rows. */
  private static int[] logitsFrom(List<Chunk> chunks, List<RankSequence> batch) {
    int[] from = new int[chunks.size()];
    for (int i = 1; i < from.length; i++) {
      Chunk before = chunks.get(i - 1);
      from[i] = from[i - 1] + batch.get(i - 1).scored(before) + (before.samples() ? 1 : 0);
    }
    return from;
  }

  private List<Scored> score(List<Chunk> chunks, List<RankSequence> batch, int[] from) {
    List<Scored> all = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      if (batch.get(i).scored(chunks.get(i)) > 0) {
        all.add(score(chunks.get(i), batch.get(i), from[i]));
      }
    }
    return all;
  }

  private Scored score(Chunk chunk, RankSequence sequence, int firstRow) {
    int vocabulary = model.config().vocabSize();
    TokenLogprobs[] logprobs = new TokenLogprobs[sequence.scored(chunk)];
    team.forRange(
        logprobs.length,
        1,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            logprobs[i] =
                sequence.score(
                    chunk.start() + i,
                    logits,
                    (firstRow + i) * vocabulary,
                    vocabulary,
                    candidates[member]);
          }
        });
    return new Scored(chunk.rid(), chunk.start(), List.of(logprobs));
  }

  /** Runs rows whose tokens nobody asked for; the first logits are in the buffer afterwards. */
  void forward(ForwardBatch rows) {
    int wanted = samples ? rows.logitRows().length * model.config().vocabSize() : 0;
    if (logits.length < wanted) {
      logits = new float[wanted];
    }
    model.forward(rows, cache, samples ? logits : null);
  }

  /** Forgets a sequence; nothing happens when it is not known. */
  public void release(String rid) {
    sequences.remove(rid);
  }

  /** The requests that are in the batch. */
  public List<String> sequences() {
    return List.copyOf(sequences.keySet());
  }

  private RankSequence place(Chunk chunk) {
    if (chunk.admission() != null) {
      sequences.put(chunk.rid(), new RankSequence(chunk.admission(), this::sampler));
    }
    RankSequence sequence = sequences.get(chunk.rid());
    if (sequence == null) {
      throw new IllegalArgumentException("no sequence " + chunk.rid() + " was admitted");
    }
    sequence.add(chunk.blocks());
    return sequence;
  }

  private Sampler sampler(SamplingParams params) {
    return samples ? new Sampler(params, stops(params), seeds.nextLong()) : null;
  }

  private int[] stops(SamplingParams params) {
    IntStream own = params.stopTokens().stream().mapToInt(Integer::intValue);
    IntStream models = params.ignoreEos() ? IntStream.empty() : Arrays.stream(stopTokens);
    int vocabulary = model.config().vocabSize();
    return IntStream.concat(own, models).filter(t -> t >= 0 && t < vocabulary).toArray();
  }

  private List<Choice> choose(List<Chunk> chunks, List<RankSequence> batch, int[] logitsFrom) {
    int[] rows = IntStream.range(0, chunks.size()).filter(i -> chunks.get(i).samples()).toArray();
    int vocabulary = model.config().vocabSize();
    Choice[] choices = new Choice[rows.length];
    team.forRange(
        rows.length,
        1,
        (member, from, to) -> {
          for (int i = from; i < to; i++) {
            RankSequence sequence = batch.get(rows[i]);
            Chunk chunk = chunks.get(rows[i]);
            int row = logitsFrom[rows[i]] + sequence.scored(chunk);
            choices[i] =
                sequence.choose(
                    chunk.rid(), logits, row * vocabulary, vocabulary, candidates[member]);
          }
        });
    return List.of(choices);
  }

  @Override
  public void close() {
    team.close();
  }

  /**
   * A chosen token.
   *
   * @param rid the request's id
   * @param token its id
   * @param logprobs its log-probabilities when asked for, else null
   * @param count how many tokens the sequence has got since it was admitted
   */
  public record Choice(String rid, int token, TokenLogprobs logprobs, int count) {}
}
