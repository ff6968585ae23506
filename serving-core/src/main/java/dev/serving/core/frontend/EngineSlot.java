package dev.serving.core.frontend;

import dev.serving.core.frontend.EngineLauncher.EngineHandle;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.Message;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/** What the link thread knows of one data-parallel rank. Used by that thread only. */
final class EngineSlot {
  final int dpRank;
  final RestartBackoff backoff;
  final Map<String, Submission> open = new LinkedHashMap<>();

  /** Messages that a full socket refused and that must not be lost. */
  final Queue<Message> outbox = new ArrayDeque<>();

  EngineView.Phase phase = EngineView.Phase.DOWN;
  String reason = "not started";
  String identity = "";
  EngineHandle handle;
  EngineReady ready;
  EngineStatus status;
  long heardNanos;
  long restartNanos = System.nanoTime();
  long starts;

  EngineSlot(int dpRank, RestartBackoff backoff) {
    this.dpRank = dpRank;
    this.backoff = backoff;
  }

  void started(EngineHandle started, String newIdentity) {
    handle = started;
    identity = newIdentity;
    phase = EngineView.Phase.STARTING;
    reason = "loading the model";
    starts++;
  }

  void ready(EngineReady said, long nowNanos) {
    ready = said;
    phase = EngineView.Phase.READY;
    reason = "";
    heardNanos = nowNanos;
    backoff.ready(nowNanos);
  }

  void down(String why, long nowNanos) {
    phase = EngineView.Phase.DOWN;
    reason = why;
    ready = null;
    status = null;
    outbox.clear();
    restartNanos = nowNanos + backoff.failed(nowNanos);
  }

  boolean serves() {
    return phase == EngineView.Phase.READY;
  }

  EngineView view() {
    return new EngineView(
        dpRank, phase, reason, ready, status, open.size(), Math.max(0, starts - 1));
  }
}
