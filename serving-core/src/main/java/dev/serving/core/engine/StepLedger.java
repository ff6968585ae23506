package dev.serving.core.engine;

import dev.serving.core.blame.Pauses;
import dev.serving.core.blame.StepBuffer;
import dev.serving.core.blame.StepPart;
import dev.serving.core.engine.Batch.Preemption;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.StepsDone;
import dev.serving.core.message.RankMessage.Phase;
import java.util.function.Consumer;

/**
 * Notes each step for the frontend, which tells from them why a request was slow. Notes make no
 * garbage; they are sent when a request is over, at the latest when they are many. Owned by the
 * scheduler's thread.
 */
final class StepLedger implements EngineListener {
  private final StepBuffer buffer = new StepBuffer();
  private boolean wanted;
  private long pausedNs = Pauses.sumNs();

  /** Somebody's account needs the steps until now. */
  @Override
  public void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
    wanted = true;
  }

  @Override
  public void step(StepRecord step) {
    buffer.begin(step.id(), step.plannedNs(), step.sentNs(), step.answeredNs(), step.completedNs());
    buffer.queue(step.delay().map(d -> d.ordinal() + 1).orElse(0), step.waiting(), paused(step));
    for (int rank = 0; rank < step.ranks(); rank++) {
      buffer.rank(step.busyNs(rank), step.waitedNs(rank), step.pausedNs(rank));
    }
    for (int part = 0; part < step.sequences(); part++) {
      buffer.part(step.key(part), pack(step, part));
    }
    for (int part = 0; part < step.sequences(); part++) {
      if (step.admitted(part)) {
        buffer.admitted(step.key(part), step.queuedNs(part));
      }
    }
    for (int i = 0; i < step.preemptions(); i++) {
      Preemption preemption = step.preemption(i);
      buffer.preempted(preemption.victim().key, preemption.beneficiary().key);
    }
    buffer.end();
  }

  /** Since the last step, without what rank 0, which is of this process, says of itself. */
  private long paused(StepRecord step) {
    long before = pausedNs;
    pausedNs = Pauses.sumNs();
    return Math.max(0, pausedNs - before - step.pausedNs(0));
  }

  private static long pack(StepRecord step, int part) {
    return StepPart.pack(
        step.phase(part) == Phase.PREFILL,
        step.again(part),
        step.rows(part),
        step.position(part),
        step.blocks(part));
  }

  /** Sends what was noted, if it is time to. */
  void sendTo(Consumer<StepsDone> frontend) {
    if (wanted || buffer.isFull()) {
      wanted = false;
      frontend.accept(new StepsDone(buffer.take(), System.nanoTime()));
    }
  }
}
