package dev.serving.core.frontend.engines;

import dev.serving.core.fault.RunDelay;
import dev.serving.core.frontend.engines.EngineLauncher.EngineHandle;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.Hub;
import dev.serving.core.message.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/** What the link thread knows of one data-parallel rank. Used by that thread only. */
final class EngineSlot {
  /** What an engine that failed takes at most to let its ranks end and to send its spans. */
  private static final long LAST_WORDS_NANOS = Duration.ofSeconds(5).toNanos();

  final int dpRank;
  final Map<String, Submission> open = new LinkedHashMap<>();
  String reason = "not started";
  EngineStatus status;
  private final RestartBackoff backoff;
  private final Queue<Message> outbox = new ArrayDeque<>();
  private EngineView.Phase phase = EngineView.Phase.DOWN;
  private String identity = "";
  private EngineHandle handle;
  private EngineReady ready;
  private Pulse pulse;
  private long downNanos;
  private long restartNanos;
  private String failure;
  private boolean served;
  private boolean hopeless;
  private long starts;

  EngineSlot(int dpRank, RestartBackoff backoff) {
    this.dpRank = dpRank;
    this.backoff = backoff;
  }

  String identity() {
    return identity;
  }

  EngineHandle handle() {
    return handle;
  }

  Pulse pulse() {
    return pulse;
  }

  /** What it is called in logs and errors. */
  String title() {
    return "engine %d (process %d)".formatted(dpRank, handle.pid());
  }

  void started(EngineHandle started, String newIdentity) {
    handle = started;
    identity = newIdentity;
    phase = EngineView.Phase.STARTING;
    reason = "loading the model";
    starts++;
  }

  void ready(EngineReady said, Duration silence, long nowNanos) {
    ready = said;
    phase = EngineView.Phase.READY;
    reason = "";
    pulse = new Pulse(silence, this::cpuTime, () -> RunDelay.of(handle.pid()), nowNanos);
    backoff.ready();
    served = true;
  }

  private Duration cpuTime() {
    return ProcessHandle.of(handle.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  void heard(long nowNanos) {
    if (pulse != null) {
      pulse.heard(nowNanos);
    }
  }

  void down(String why, long nowNanos) {
    phase = EngineView.Phase.DOWN;
    reason = why;
    ready = null;
    status = null;
    pulse = null;
    outbox.clear();
    downNanos = nowNanos;
    restartNanos = nowNanos + backoff.failed();
    String how = handle == null ? why : why.replace(title(), "");
    hopeless = !served && how.equals(failure);
    failure = how;
  }

  /** Whether it never served, and failed the same way twice in a row: it will again. */
  boolean isHopeless() {
    return hopeless;
  }

  boolean serves() {
    return phase == EngineView.Phase.READY;
  }

  boolean isDown() {
    return phase == EngineView.Phase.DOWN;
  }

  /** Whether to start it again; one that still lives may first end as it should. */
  boolean restartDue(long nowNanos) {
    return isDown()
        && nowNanos - restartNanos >= 0
        && (!isAlive() || nowNanos - downNanos >= LAST_WORDS_NANOS);
  }

  boolean isAlive() {
    return handle != null && handle.isAlive();
  }

  /** Ends the process if it has not ended. */
  void end() {
    if (isAlive()) {
      handle.destroy();
    }
  }

  /** Sends now or not at all; behind what waits, not at all. */
  boolean send(Hub hub, Message message) {
    return outbox.isEmpty() && hub.send(identity, message);
  }

  /** Sends what must not be lost: a full socket gets it later. */
  void keep(Hub hub, Message message) {
    if (!send(hub, message)) {
      outbox.add(message);
    }
  }

  /** Sends what waits. */
  void flush(Hub hub) {
    while (!outbox.isEmpty() && hub.send(identity, outbox.peek())) {
      outbox.remove();
    }
  }

  EngineView view() {
    return new EngineView(
        dpRank, phase, reason, ready, status, open.size(), Math.max(0, starts - 1));
  }
}
