package dev.serving.core.frontend.engines;

import dev.serving.core.config.EnginesConfig;
import dev.serving.core.message.EngineMessage;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.EngineMessage.SetTracing;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineFailed;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.FrontendMessage.Outputs;
import dev.serving.core.message.FrontendMessage.StepsDone;
import dev.serving.core.message.Hub;
import dev.serving.core.message.Link;
import dev.serving.core.message.Message;
import dev.serving.core.message.MessageException;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * All engines, and which request is with which. Every {@link Generate} gets exactly one last {@link
 * Output}, from its engine or from here. Used by the link thread only.
 */
final class EngineFleet {
  private static final int BATCH = 1024;

  private final Hub hub;
  private final EngineSupervisor supervisor;
  private final List<EngineSlot> slots;
  private final Map<String, EngineSlot> slotOf = new HashMap<>();
  private final ReportListener reports;
  private final EngineRouting routing = new EngineRouting();
  private TracingLevels levels;
  private boolean closing;

  EngineFleet(
      EnginesConfig config,
      EngineLauncher launcher,
      Hub hub,
      Executor link,
      ReportListener reports) {
    this.hub = hub;
    this.reports = reports;
    this.supervisor = new EngineSupervisor(config, launcher, hub, link, this::lost);
    this.slots =
        IntStream.range(0, config.count())
            .mapToObj(rank -> new EngineSlot(rank, backoff(config)))
            .toList();
  }

  private static RestartBackoff backoff(EnginesConfig config) {
    return new RestartBackoff(config.firstRestart(), config.longestRestart());
  }

  void launch() {
    slots.forEach(supervisor::launch);
  }

  List<EngineView> views() {
    return slots.stream().map(EngineSlot::view).toList();
  }

  boolean allServe() {
    return slots.stream().allMatch(EngineSlot::serves);
  }

  /** Why the server need not go on: an engine cannot be brought to serve. */
  Optional<String> hopeless() {
    return slots.stream().filter(EngineSlot::isHopeless).map(slot -> slot.reason).findFirst();
  }

  void submit(Submission submission) {
    Optional<EngineSlot> slot = routing.choose(slots, submission.prompt());
    slot.filter(chosen -> !closing).ifPresent(s -> submission.listener().sent(s.dpRank));
    for (Generate generate : submission.generates()) {
      if (closing || slot.isEmpty()) {
        refuse(submission, generate, unavailable());
      } else if (sent(slot.get(), generate)) {
        slot.get().open.put(generate.rid(), submission);
        slotOf.put(generate.rid(), slot.get());
      } else {
        refuse(submission, generate, "engine " + slot.get().dpRank + " takes no more requests now");
      }
    }
  }

  private boolean sent(EngineSlot slot, Generate generate) {
    try {
      return slot.send(hub, generate);
    } catch (MessageException e) {
      System.getLogger(EngineFleet.class.getName())
          .log(System.Logger.Level.WARNING, "request " + generate.rid() + " cannot be sent", e);
      return false;
    }
  }

  private String unavailable() {
    return closing ? "the server is shutting down" : "no engine is ready: " + slots.get(0).reason;
  }

  private static void refuse(Submission submission, Generate generate, String reason) {
    submission.listener().output(last(generate.rid(), FinishReason.BUSY, reason));
  }

  private static Output last(String rid, FinishReason reason, String text) {
    return new Output(rid, List.of(), List.of(), 0, reason, text, TraceCarrier.none());
  }

  /** Tells the engine that has a sequence something of it; nobody where it is over. */
  void tell(String rid, EngineMessage what) {
    Optional.ofNullable(slotOf.get(rid)).ifPresent(s -> s.keep(hub, what));
  }

  void tracing(TracingLevels newLevels) {
    levels = newLevels;
    slots.stream().filter(EngineSlot::serves).forEach(s -> s.keep(hub, new SetTracing(levels)));
  }

  /** Takes in what has come; returns whether an engine became ready. */
  boolean receive() {
    boolean news = false;
    Optional<Link.Received> next = hub.receive();
    for (int i = 1; next.isPresent(); i++) {
      news |= handle(next.get());
      next = i < BATCH ? hub.receive() : Optional.empty();
    }
    return news;
  }

  private boolean handle(Link.Received received) {
    for (EngineSlot slot : slots) {
      if (slot.identity().equals(received.peer())) {
        slot.heard(System.nanoTime());
        handle(slot, received.message());
        return received.message() instanceof EngineReady;
      }
    }
    return false;
  }

  private void handle(EngineSlot slot, Message message) {
    if (message instanceof Outputs step) {
      step.outputs().forEach(output -> output(slot, output));
    } else if (message instanceof Output output) {
      output(slot, output);
    } else if (message instanceof EngineStatus status) {
      slot.status = status;
    } else if (message instanceof StepsDone steps) {
      reports.stepsDone(slot.dpRank, steps);
    } else if (message instanceof EngineReport report) {
      reports.reported(slot.dpRank, report);
    } else if (message instanceof EngineReady said) {
      supervisor.ready(slot, said);
      if (levels != null) {
        slot.keep(hub, new SetTracing(levels));
      }
    } else if (message instanceof EngineFailed failed) {
      supervisor.fail(slot, "engine " + slot.dpRank + " failed: " + failed.reason());
    }
  }

  private void output(EngineSlot slot, Output output) {
    Submission submission = slot.open.get(output.rid());
    if (submission == null) {
      return; // ended already, or given up
    }
    if (output.finish() != null) {
      slot.open.remove(output.rid());
      slotOf.remove(output.rid());
    }
    submission.listener().output(output);
  }

  /** Looks after all engines; {@code lateNanos} is how much too late this comes. */
  void watch(long now, long lateNanos) {
    for (EngineSlot slot : slots) {
      supervisor.watch(slot, now, lateNanos);
      slot.open.values().stream()
          .filter(s -> now - s.deadlineNanos() > 0)
          .distinct()
          .forEach(s -> s.listener().expired());
    }
  }

  private void lost(EngineSlot slot) {
    routing.forget(slot);
    Map<String, Submission> failed = Map.copyOf(slot.open);
    slot.open.clear();
    slotOf.keySet().removeAll(failed.keySet());
    failed.forEach((rid, s) -> s.listener().output(last(rid, FinishReason.ERROR, slot.reason)));
    reports.ended(slot.dpRank);
  }

  /** Asks the engines to end. */
  void close() {
    closing = true;
    supervisor.closing();
    for (EngineSlot slot : slots) {
      if (slot.serves()) {
        slot.keep(hub, new Shutdown());
      } else {
        slot.end();
      }
    }
  }

  boolean anyAlive() {
    return slots.stream().anyMatch(EngineSlot::isAlive);
  }

  /** Ends what has not ended, and fails what is still open. */
  void end() {
    slots.forEach(s -> supervisor.fail(s, "the server has ended"));
    slots.forEach(EngineSlot::end);
  }
}
