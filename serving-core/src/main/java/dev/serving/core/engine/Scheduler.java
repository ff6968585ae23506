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
import dev.serving.core.message.SchedulerMessage.Sampled;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides which sequences run in the next step: continuous batching with chunked prefill.
 *
 * <pre>
 *   add ─► waiting ──next()──► running ──complete()──► over
 *             ▲                   │ ▲
 *             ├──── preempted ────┤ │  out of blocks: the newest makes way and is recomputed
 *             │                   │ │  later; so does who holds more than his share
 *             └────── paused ◄────┘ │  its client does not read: it keeps its blocks while
 *                        └──────────┘  nobody else needs them
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
  private final OpenSequences sequences;
  private final Preemptor preemptor;
  private final Pausing pausing;
  private final SequenceEnding ending;
  private final StepResults results;
  private final StepRecord record = new StepRecord();
  private Sequence delayed; // whose turn it was when the last batch was made, and could not run
  private Delay cause;
  private long arrivals;
  private long steps;

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
    sequences = new OpenSequences(config.maxSequences(), listener);
    preemptor = new Preemptor(sequences, blocks, listener, releases);
    pausing = new Pausing(sequences, preemptor, listener);
    ending = new SequenceEnding(sequences, blocks, listener, outputs, releases);
    results = new StepResults(limits, sequences, ending, listener, outputs);
  }

  /** Whether there is anything to do now: what is paused is not. */
  boolean hasWork() {
    return sequences.haveWork();
  }

  boolean isOpen(String rid) {
    return sequences.get(rid) != null;
  }

  int running() {
    return sequences.running.size();
  }

  int waiting() {
    return sequences.waiting.size();
  }

  /** Those whose clients do not read. */
  int paused() {
    return sequences.paused.size();
  }

  long steps() {
    return steps;
  }

  long preemptions() {
    return preemptor.count();
  }

  /** Takes a request on, or refuses it at once. */
  void add(Generate request) {
    if (isOpen(request.rid())) {
      throw new IllegalArgumentException("request " + request.rid() + " is open already");
    }
    Sequence sequence = new Sequence(request, arrivals++, steps);
    String refusal = limits.refusal(request);
    if (refusal != null) {
      ending.end(sequence, FinishReason.REFUSED, refusal);
    } else if (waiting() >= config.maxWaiting() && !canRunAtOnce() && !makeWay(sequence)) {
      refuse(sequence);
    } else {
      sequences.open(sequence);
    }
  }

  /** Refuses one of another client, whose turn would be later, for a newcomer. */
  private boolean makeWay(Sequence newcomer) {
    Sequence last = sequences.waiting.makesWayFor(newcomer);
    if (last != null) {
      refuse(last);
    }
    return last != null;
  }

  private void refuse(Sequence sequence) {
    ending.end(sequence, FinishReason.BUSY, waiting() + " requests wait already");
  }

  private boolean canRunAtOnce() {
    return sequences.waiting.isEmpty() && !sequences.isFull();
  }

  /**
   * Lets go of a request, whatever state it is in; nothing happens when it is over already. One
   * that ranks are working on goes after their step: its last output says that nobody does any
   * more.
   */
  void cancel(String rid, FinishReason reason) {
    Sequence sequence = sequences.get(rid);
    if (sequence != null && sequence.underWay()) {
      sequence.cancel(reason);
    } else if (sequence != null) {
      ending.end(sequence, reason, null);
    }
  }

  /**
   * The client of a request does not read: the request is in no step until {@link #resume}. One
   * that ranks are working on is so after their step.
   */
  void pause(String rid) {
    pausing.pause(rid);
  }

  /** The client of a request has read: the request goes on with the next step. */
  void resume(String rid) {
    pausing.resume(rid);
  }

  /** Ends every open request as failed. */
  void failAll(String error) {
    sequences.all().forEach(sequence -> ending.end(sequence, FinishReason.ERROR, error));
  }

  /**
   * Chooses the next step's batch and tells the listener who is new in it. Empty only when there is
   * {@link #hasWork no work}.
   */
  Batch next() {
    Batch batch = new Batch(++steps, config.maxBatchedTokens());
    pausing.goOn(batch);
    preemptor.makeRoom(cause == Delay.BLOCKS ? delayed : null, batch);
    boolean preempted = decode(batch);
    prefill(batch);
    cause = preempted ? Delay.BLOCKS : admit(batch);
    delayed = sequences.waiting.first();
    if (delayed != null) {
      batch.leaves(waiting(), cause);
      listener.delayed(delayed.rid, cause);
    }
    batch.tellScheduled(listener);
    return batch;
  }

  /** One row of every sequence that decodes, oldest first; the newest pay for missing blocks. */
  private boolean decode(Batch batch) {
    boolean preempted = false;
    for (Sequence sequence : List.copyOf(sequences.running)) {
      if (sequence.phase() != Phase.DECODE) {
        continue;
      }
      while (sequence.state() == State.RUNNING
          && !blocks.grow(sequence.blocks, sequence.length())) {
        if (!preemptor.preemptPaused(sequence, batch)) {
          preemptor.preemptNewest(sequence, batch);
          preempted = true;
        }
      }
      if (sequence.state() == State.RUNNING) {
        add(sequence, batch, false);
      }
    }
    return preempted;
  }

  private void prefill(Batch batch) {
    List<Sequence> prompts =
        sequences.running.stream().filter(s -> s.phase() == Phase.PREFILL).toList();
    boolean heldUp =
        cause == Delay.BUDGET && delayed != null && delayed == sequences.waiting.first();
    if (heldUp && FairShare.leavesBudget(prompts, delayed)) {
      batch.share(prompts.size() + 1);
    }
    for (Sequence sequence : prompts) {
      if (batch.budget(sequence) > 0) {
        add(sequence, batch, false);
      }
    }
    batch.share(1);
  }

  /** Waiting sequences in turn, until the first that must go on waiting; returns why it must. */
  private Delay admit(Batch batch) {
    ClientTurns waiting = sequences.waiting;
    for (Sequence next = waiting.first(); next != null; next = waiting.first()) {
      Delay delay = tryAdmit(next, batch);
      if (delay != null) {
        return delay;
      }
      waiting.take(next);
      sequences.running.add(next);
      add(next, batch, true);
    }
    return null;
  }

  private Delay tryAdmit(Sequence sequence, Batch batch) {
    if (sequences.isFull()) {
      return Delay.SEQUENCES;
    }
    if (batch.budget(sequence) == 0) {
      return Delay.BUDGET;
    }
    int cached = blocksFor(sequence);
    while (cached < 0 && preemptor.preemptPaused(sequence, batch)) {
      cached = blocksFor(sequence);
    }
    if (cached < 0) {
      return Delay.BLOCKS;
    }
    sequence.run(cached);
    return null;
  }

  private int blocksFor(Sequence sequence) {
    // One block for each that runs: else the newcomer would be preempted before it has answered.
    int reserve = running();
    boolean reuse = !sequence.isScored();
    return blocks.admit(sequence.blocks, sequence.tokens(), sequence.length(), reserve, reuse);
  }

  private void add(Sequence sequence, Batch batch, boolean admitted) {
    int filled = batch.add(sequence, admitted);
    sequences.waiting.charge(sequence, sequence.newRows(filled));
    sequence.underWay(true);
    blocks.fill(sequence.blocks, sequence.tokens(), filled);
  }

  /** The ranks have been sent a batch. */
  void dispatched(Batch batch) {
    batch.tellDispatched(listener);
  }

  /**
   * Takes in what the ranks have done.
   *
   * @throws IllegalStateException when the tokens are not those of the batch
   */
  void complete(Batch batch, StepResult result) {
    result.scored().forEach(results::tell);
    Iterator<Sampled> tokens = result.tokens().iterator();
    for (Part part : batch.parts()) {
      results.done(part, tokens);
      pausing.setAside(part.sequence());
    }
    record.fill(batch, result, System.nanoTime(), blocks.used());
    listener.step(record);
  }
}
