package dev.serving.core.engine;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.FrontendMessage.Outputs;
import dev.serving.core.message.MessageCodec;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.SchedulerMessage.StepDone;
import dev.serving.trace.TraceCarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Takes a request that nobody asked through a scheduler that nobody else has, with a token that no
 * rank chose, while the ranks load: else the first real one would wait for all that a JVM does but
 * once, a tenth of a second. Nobody hears of it.
 */
final class Rehearsal {
  private static final String RID = "rehearsal";
  private static final int TOKENS = 2;

  private Rehearsal() {}

  static void run() {
    List<Output> outputs = new ArrayList<>();
    StepLedger ledger = new StepLedger();
    Scheduler scheduler = scheduler(ledger, outputs);
    Generate request =
        new Generate(RID, new int[] {0}, SamplingParams.greedy(TOKENS), 0, TraceCarrier.none());
    scheduler.add((Generate) MessageCodec.copy(request));
    while (scheduler.hasWork()) {
      step(scheduler);
    }
    MessageCodec.copy(new Outputs(outputs));
    ledger.sendTo(MessageCodec::copy);
  }

  private static Scheduler scheduler(StepLedger ledger, List<Output> outputs) {
    return new Scheduler(
        SchedulerConfig.DEFAULT,
        new Limits(2 * TOKENS, 1, Set.of()),
        new BlockManager(1, 2 * TOKENS, true),
        EngineListener.all(new Figures(), ledger),
        outputs::add,
        MessageCodec::copy);
  }

  private static void step(Scheduler scheduler) {
    Batch batch = scheduler.next();
    MessageCodec.copy(batch.toStep());
    scheduler.dispatched(batch);
    long now = System.nanoTime();
    Sampled token = new Sampled(RID, 0, null, TraceCarrier.none());
    StepDone done = new StepDone(batch.id(), 1, 0, List.of(token));
    scheduler.complete(
        batch, new StepResult(now, now, List.of((StepDone) MessageCodec.copy(done))));
  }
}
