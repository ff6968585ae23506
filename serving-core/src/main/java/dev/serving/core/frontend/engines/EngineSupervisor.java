package dev.serving.core.frontend.engines;

import dev.serving.core.config.EnginesConfig;
import dev.serving.core.frontend.engines.EngineLauncher.EngineHandle;
import dev.serving.core.message.EngineMessage.FrontendAlive;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.Hub;
import dev.serving.core.message.Spoke;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Starts engines, notices when one is dead or stuck, and starts it anew after a while. Used by the
 * link thread only.
 */
final class EngineSupervisor {
  private static final System.Logger LOG = System.getLogger(EngineSupervisor.class.getName());

  private final EnginesConfig config;
  private final EngineLauncher launcher;
  private final Hub hub;
  private final Executor link;
  private final Consumer<EngineSlot> lost;
  private boolean closing;

  /**
   * Supervises.
   *
   * @param link runs work on the link thread
   * @param lost hears of an engine that was given up, before it is started anew
   */
  EngineSupervisor(
      EnginesConfig config,
      EngineLauncher launcher,
      Hub hub,
      Executor link,
      Consumer<EngineSlot> lost) {
    this.config = config;
    this.launcher = launcher;
    this.hub = hub;
    this.link = link;
    this.lost = lost;
  }

  /** From now on engines that end have been asked to. */
  void closing() {
    closing = true;
  }

  void launch(EngineSlot slot) {
    slot.end();
    String identity = Spoke.identity("engine-" + slot.dpRank);
    hub.expect(identity);
    try {
      EngineHandle handle = launcher.start(slot.dpRank, hub.address(), identity);
      slot.started(handle, identity);
      handle.onExit().whenComplete((code, e) -> link.execute(() -> exited(slot, handle, code)));
    } catch (IOException | RuntimeException e) {
      hub.forget(identity);
      slot.down(
          "engine " + slot.dpRank + " cannot be started: " + e.getMessage(), System.nanoTime());
      LOG.log(System.Logger.Level.ERROR, slot.reason, e);
    }
  }

  private void exited(EngineSlot slot, EngineHandle handle, Integer code) {
    if (slot.handle() == handle && !slot.isDown()) {
      fail(slot, slot.title() + " ended with exit code " + code);
      restartIfDue(slot, System.nanoTime()); // and not at the next look
    }
  }

  void ready(EngineSlot slot, EngineReady said) {
    slot.ready(said, config.silence(), System.nanoTime());
    LOG.log(
        System.Logger.Level.INFO,
        "engine {0} is ready after {1} ms: processes {2}, {3} KV blocks of {4} tokens",
        slot.dpRank,
        Long.toString(said.loadMillis()),
        said.pids(),
        Integer.toString(said.kvBlocks()),
        said.blockSize());
  }

  /**
   * Looks after an engine.
   *
   * @param lateNanos time in which the link thread should have looked and did not
   */
  void watch(EngineSlot slot, long now, long lateNanos) {
    if (slot.isDown()) {
      restartIfDue(slot, now);
      return;
    }
    slot.flush(hub);
    hub.send(slot.identity(), new FrontendAlive());
    if (slot.serves()) {
      slot.pulse().excuse(lateNanos);
      if (slot.pulse().stuck(now)) {
        fail(slot, slot.title() + " is stuck");
        slot.end();
      }
    }
  }

  private void restartIfDue(EngineSlot slot, long now) {
    if (slot.restartDue(now) && !closing) {
      launch(slot);
    }
  }

  /** Gives an engine up; if it still lives it has until the restart to end by itself. */
  void fail(EngineSlot slot, String reason) {
    if (slot.isDown()) {
      return;
    }
    if (!closing) {
      LOG.log(System.Logger.Level.ERROR, reason + "; its " + slot.open.size() + " requests fail");
    }
    hub.forget(slot.identity());
    slot.down(reason, System.nanoTime());
    lost.accept(slot);
  }
}
