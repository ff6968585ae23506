package dev.serving.core.engine;

import dev.serving.blame.StepBuffer;
import dev.serving.blame.StepPart;
import dev.serving.core.engine.Batch.Preemption;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.StepsDone;
import dev.serving.core.message.RankMessage.Phase;
import java.util.List;
import java.util.function.Consumer;

/**
 * Notes each step for the frontend, which tells from them why a request was slow. Notes make no
 * garbage; they are sent when a request is over, at the latest when they are many. Owned by the
 * scheduler's thread.
 */
final class StepLedger implements EngineListener {
  private final StepBuffer buffer = new StepBuffer();
  private boolean wanted;
  private boolean underWay;

  /** Somebody's account needs the steps until now. */
  @Override
  public void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
    wanted = true;
  }

  @Override
  public void stepStarted(long step, List<String> rids) {
    underWay = true;
  }

  @Override
  public void step(StepRecord step) {
    underWay = false;
    buffer.begin(step.id(), step.plannedNs(), step.sentNs(), step.answeredNs(), step.completedNs());
    buffer.queue(step.delay().map(d -> d.ordinal() + 1).orElse(0), step.waiting(), step.pausedNs());
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

  private static long pack(StepRecord step, int part) {
    return StepPart.pack(
        step.phase(part) == Phase.PREFILL,
        step.again(part),
        step.rows(part),
        step.position(part),
        step.blocks(part));
  }

  /**
   * Sends what was noted, if it is time to. Whoever is let go of while a step is under way waited
   * for that one, too: nothing is sent before it is over.
   */
  void sendTo(Consumer<StepsDone> frontend) {
    if (!underWay && (wanted || buffer.isFull())) {
      wanted = false;
      frontend.accept(new StepsDone(buffer.take(), System.nanoTime()));
    }
  }

  /** As {@link #sendTo}, where no step comes to its end any more. */
  void sendLast(Consumer<StepsDone> frontend) {
    underWay = false;
    sendTo(frontend);
  }
}
