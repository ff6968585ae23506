package dev.serving.core.engine;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.engine.Batch.Part;
import dev.serving.core.engine.EngineListener.Delay;
import dev.serving.core.engine.Sequence.State;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Release.Cause;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.SchedulerMessage.Scored;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Decides which sequences run in the next step: continuous batching with chunked prefill.
 *
 * <pre>
 *   add ─► waiting ──next()──► running ──complete()──► over
 *             ▲                   │
 *             └──── preempted ────┘   out of blocks: the newest makes way and is recomputed
 *                                     later; so does who holds more than his share
 * </pre>
 *
 * <p>A step takes every decode first, one row each, then prompts, until its token budget is used
 * up; so a long prompt never holds up those who have begun to answer. Clients take turns ({@link
 * ClientTurns}), and give up what they hold beyond their share ({@link FairShare}). Each request
 * ends by exactly one last {@link Output}, whatever happens. Owned by the scheduler's thread;
 * {@link #cancel} and {@link #add} may come at any moment, also while a step is under way.
 */
final class Scheduler {
  private final SchedulerConfig config;
  private final Limits limits;
  private final BlockManager blocks;
  private final EngineListener listener;
  private final Consumer<Output> outputs;
  private final Consumer<Release> releases;
  private final Map<String, Sequence> open = new HashMap<>();
  private final ClientTurns waiting = new ClientTurns();
  private final SortedSet<Sequence> running = new TreeSet<>(Sequence.SENIORITY);
  private final StepRecord record = new StepRecord();
  private Sequence delayed; // whose turn it was when the last batch was made, and could not run
  private Delay cause;
  private long arrivals;
  private long steps;
  private long preemptions;

  /**
   * An idle scheduler.
   *
   * @param outputs hears what goes to the frontend
   * @param releases hears which sequences the ranks must forget
   */
  Scheduler(
      SchedulerConfig config,
      Limits limits,
      BlockManager blocks,
      EngineListener listener,
      Consumer<Output> outputs,
      Consumer<Release> releases) {
    this.config = config;
    this.limits = limits;
    this.blocks = blocks;
    this.listener = listener;
    this.outputs = outputs;
    this.releases = releases;
  }

  boolean hasWork() {
    return !open.isEmpty();
  }

  boolean isOpen(String rid) {
    return open.containsKey(rid);
  }

  int running() {
    return running.size();
  }

  int waiting() {
    return waiting.size();
  }

  long steps() {
    return steps;
  }

  long preemptions() {
    return preemptions;
  }

  /** Takes a request on, or refuses it at once. */
  void add(Generate request) {
    if (isOpen(request.rid())) {
      throw new IllegalArgumentException("request " + request.rid() + " is open already");
    }
    Sequence sequence = new Sequence(request, arrivals++, steps);
    String refusal = limits.refusal(request);
    if (refusal != null) {
      end(sequence, FinishReason.REFUSED, refusal);
    } else if (waiting.size() >= config.maxWaiting() && !canRunAtOnce() && !makeWay(sequence)) {
      refuse(sequence);
    } else {
      open.put(sequence.rid, sequence);
      waiting.open(sequence);
      enqueue(sequence);
    }
  }

  /** Refuses one of another client, whose turn would be later, for a newcomer. */
  private boolean makeWay(Sequence newcomer) {
    Sequence last = waiting.makesWayFor(newcomer);
    if (last != null) {
      refuse(last);
    }
    return last != null;
  }

  private void refuse(Sequence sequence) {
    end(sequence, FinishReason.BUSY, waiting.size() + " requests wait already");
  }

  private boolean canRunAtOnce() {
    return waiting.isEmpty() && running.size() < config.maxSequences();
  }

  private void enqueue(Sequence sequence) {
    sequence.queued(System.nanoTime());
    int before = waiting.before(sequence);
    waiting.add(sequence);
    listener.queued(sequence.rid, sequence.carrier(), sequence.promptLength, before);
  }

  /**
   * Lets go of a request, whatever state it is in; nothing happens when it is over already. One
   * that ranks are working on goes after their step: its last output says that nobody does any
   * more.
   */
  void cancel(String rid, FinishReason reason) {
    Sequence sequence = open.get(rid);
    if (sequence != null && sequence.underWay()) {
      sequence.cancel(reason);
    } else if (sequence != null) {
      end(sequence, reason, null);
    }
  }

  /** Ends every open request as failed. */
  void failAll(String error) {
    List.copyOf(open.values()).forEach(sequence -> end(sequence, FinishReason.ERROR, error));
  }

  /**
   * Chooses the next step's batch and tells the listener who is new in it. Empty only when nothing
   * is open.
   */
  Batch next() {
    Batch batch = new Batch(++steps, config.maxBatchedTokens());
    makeRoom(batch);
    boolean preempted = decode(batch);
    prefill(batch);
    cause = preempted ? Delay.BLOCKS : admit(batch);
    delayed = waiting.first();
    if (delayed != null) {
      batch.leaves(waiting.size(), cause);
      listener.delayed(delayed.rid, cause);
    }
    batch.tellScheduled(listener);
    return batch;
  }

  /** One makes way for whose turn it is, where there is no room and somebody has too much. */
  private void makeRoom(Batch batch) {
    Sequence next = waiting.first();
    boolean full = running.size() >= config.maxSequences();
    if (next == null || !full && !(cause == Delay.BLOCKS && next == delayed)) {
      return;
    }
    Sequence victim = FairShare.victim(running, next, full ? s -> 1 : this::blocksOf);
    if (victim != null) {
      preempt(victim, next, batch, "others' turn");
    }
  }

  private int blocksOf(Sequence sequence) {
    int held = sequence.blocks.size();
    return held > 0 ? held : blocks.blocksFor(sequence.length());
  }

  /** One row of every sequence that decodes, oldest first; the newest pay for missing blocks. */
  private boolean decode(Batch batch) {
    long before = preemptions;
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.phase() != Phase.DECODE) {
        continue;
      }
      while (sequence.state() == State.RUNNING
          && !blocks.grow(sequence.blocks, sequence.length())) {
        preempt(running.last(), sequence, batch, "out of KV blocks");
      }
      if (sequence.state() == State.RUNNING) {
        add(sequence, batch, false);
      }
    }
    return preemptions > before;
  }

  private void prefill(Batch batch) {
    List<Sequence> prompts = running.stream().filter(s -> s.phase() == Phase.PREFILL).toList();
    if (leavesBudget(prompts)) {
      batch.share(prompts.size() + 1);
    }
    for (Sequence sequence : prompts) {
      if (batch.budget(sequence) > 0) {
        add(sequence, batch, false);
      }
    }
    batch.share(1);
  }

  /** Whether prompts under way held up another client's, or one that is far shorter. */
  private boolean leavesBudget(Collection<Sequence> prompts) {
    Sequence next = cause == Delay.BUDGET ? delayed : null;
    return next != null
        && next == waiting.first()
        && prompts.stream().noneMatch(s -> s.isMoreUrgentThan(next))
        && prompts.stream()
            .filter(s -> s.client.equals(next.client))
            .allMatch(s -> FairShare.isFarLess(next.length(), s.length() - s.computed()));
  }

  /** Waiting sequences in turn, until the first that must go on waiting; returns why it must. */
  private Delay admit(Batch batch) {
    for (Sequence next = waiting.first(); next != null; next = waiting.first()) {
      Delay delay = tryAdmit(next, batch);
      if (delay != null) {
        return delay;
      }
      waiting.take(next);
      running.add(next);
      add(next, batch, true);
    }
    return null;
  }

  private Delay tryAdmit(Sequence sequence, Batch batch) {
    if (running.size() >= config.maxSequences()) {
      return Delay.SEQUENCES;
    }
    if (batch.budget(sequence) == 0) {
      return Delay.BUDGET;
    }
    // One block for each that runs: else the newcomer would be preempted before it has answered.
    int reserve = running.size();
    boolean reuse = !sequence.isScored();
    int cached =
        blocks.admit(sequence.blocks, sequence.tokens(), sequence.length(), reserve, reuse);
    if (cached < 0) {
      return Delay.BLOCKS;
    }
    sequence.run(cached);
    return null;
  }

  private void add(Sequence sequence, Batch batch, boolean admitted) {
    int filled = batch.add(sequence, admitted);
    waiting.charge(sequence, sequence.newRows(filled));
    sequence.underWay(true);
    blocks.fill(sequence.blocks, sequence.tokens(), filled);
  }

  /** The ranks have been sent a batch. */
  void dispatched(Batch batch) {
    batch.tellDispatched(listener);
  }

  private void preempt(Sequence victim, Sequence beneficiary, Batch batch, String reason) {
    preemptions++;
    batch.preempted(victim, beneficiary);
    running.remove(victim);
    blocks.release(victim.blocks);
    victim.preempt();
    releases.accept(new Release(victim.rid, Cause.PREEMPTED, reason));
    listener.preempted(victim.rid, reason);
    enqueue(victim);
  }

  /**
   * Takes in what the ranks have done.
   *
   * @throws IllegalStateException when the tokens are not those of the batch
   */
  void complete(Batch batch, StepResult result) {
    result.scored().forEach(this::tell);
    Iterator<Sampled> tokens = result.tokens().iterator();
    for (Part part : batch.parts()) {
      Sampled token = part.samples() ? sampled(part, tokens) : null;
      part.sequence().underWay(false);
      if (part.sequence().state() == State.RUNNING) {
        advance(part, token);
      }
    }
    record.fill(batch, result, System.nanoTime(), blocks.used());
    listener.step(record);
  }

  private void tell(Scored chunk) {
    Sequence sequence = open.get(chunk.rid());
    if (sequence != null && sequence.state() == State.RUNNING) {
      outputs.accept(Answers.scored(sequence, sequence.news(chunk)));
    }
  }

  private static Sampled sampled(Part part, Iterator<Sampled> tokens) {
    Sampled next = tokens.hasNext() ? tokens.next() : null;
    if (next == null || !next.rid().equals(part.sequence().rid)) {
      throw new IllegalStateException("rank 0 chose no token for " + part.sequence().rid);
    }
    return next;
  }

  private void advance(Part part, Sampled token) {
    Sequence sequence = part.sequence();
    sequence.computed(part.rows());
    if (part.phase() == Phase.PREFILL) {
      listener.chunk(sequence.rid, part.rows());
    }
    if (token != null) {
      sequence.carrier(token.carrier());
    }
    if (sequence.cancelled() != null) {
      end(sequence, sequence.cancelled(), null);
    } else if (token != null && sequence.sampling.maxTokens() == 0) {
      end(sequence, FinishReason.LENGTH, null); // only the prompt was to be read
    } else if (token != null) {
      take(sequence, token);
    }
  }

  private void take(Sequence sequence, Sampled token) {
    sequence.append(token.token());
    if (sequence.outputLength() == 1) {
      listener.firstToken(sequence.rid);
    } else {
      listener.token(sequence.rid);
    }
    FinishReason finish = limits.ending(sequence, token.token());
    if (finish != null) {
      leave(sequence, finish, null);
    }
    outputs.accept(Answers.output(sequence, token, finish, null));
  }

  private void end(Sequence sequence, FinishReason finish, String error) {
    leave(sequence, finish, error);
    outputs.accept(Answers.output(sequence, null, finish, error));
  }

  /** From wherever it is to over; everything that it holds is given back. */
  private void leave(Sequence sequence, FinishReason finish, String error) {
    waiting.remove(sequence);
    blocks.release(sequence.blocks);
    if (open.remove(sequence.rid, sequence)) {
      waiting.close(sequence);
    }
    if (running.remove(sequence)) {
      releases.accept(Answers.release(sequence, finish, error));
    }
    sequence.end();
    listener.finished(sequence.rid, finish, sequence.promptLength, sequence.outputLength(), error);
  }
}
