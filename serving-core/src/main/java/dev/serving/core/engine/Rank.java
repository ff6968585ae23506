package dev.serving.core.engine;

import dev.serving.core.fault.RunDelay;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.SchedulerMessage.RankReady;
import dev.serving.core.message.SchedulerMessage.StepDone;
import dev.serving.core.worker.SharedMemory;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What an engine knows of one of its ranks. Owned by the engine's thread. */
final class Rank {
  /** How often the pulse is looked at. */
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** As many looks as see no pulse; counted, since the engine itself may have stood still. */
  private static final int MISSES = 8;

  private static final long LAST_WORDS_NS = TimeUnit.MILLISECONDS.toNanos(100);

  final int number;
  final String identity;
  private final CountDownLatch ended = new CountDownLatch(1);
  private Runnable destroy = () -> {};
  private Supplier<RunDelay> runDelay = () -> new RunDelay(Map.of(), System.nanoTime());
  private RankReady ready;
  private StepDone done;
  private ProcessReport process; // null until it has told
  private boolean lost;
  private long endSeenAt;
  private long pulse;
  private long lookedAt;
  private RunDelay delay; // when a pulse was missed last
  private int missed;

  Rank(int number, String identity) {
    this.number = number;
    this.identity = identity;
  }

  /** It runs as a process of its own. */
  void runAs(RankProcess process, Runnable onEnd) {
    destroy = process::destroy;
    runDelay = () -> RunDelay.of(process.pid());
    process.onExit(() -> ended(onEnd));
  }

  /** It runs as a thread of this process, which can only be asked to end. */
  void runAsThread(Runnable work, Runnable onEnd) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } finally {
                ended(onEnd);
              }
            },
            "worker");
    thread.setDaemon(true);
    thread.start();
  }

  private void ended(Runnable onEnd) {
    ended.countDown();
    onEnd.run();
  }

  /** Whether it has ended, and what it may have said at the end has had time to arrive. */
  boolean isOver() {
    if (ended.getCount() > 0) {
      return false;
    }
    long now = System.nanoTime();
    endSeenAt = endSeenAt == 0 ? now : endSeenAt;
    return now - endSeenAt > LAST_WORDS_NS;
  }

  /** Nothing more is to be expected of it. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** Waits until it has ended by itself, and returns whether it has. */
  boolean awaitEnd(long deadlineNs) throws InterruptedException {
    return ended.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** Waits until it has ended by itself, then ends it. */
  void end(long deadlineNs) throws InterruptedException {
    if (!awaitEnd(deadlineNs)) {
      destroy.run();
    }
  }

  /** Ends it without asking, where it is a process. */
  void endNow() {
    destroy.run();
  }

  RankReady ready() {
    return ready;
  }

  void ready(RankReady message) {
    ready = message;
  }

  StepDone done() {
    return done;
  }

  ProcessReport process() {
    return process;
  }

  void process(ProcessReport report) {
    process = report;
  }

  void done(StepDone message) {
    done = message;
  }

  boolean hasDone(long step) {
    return done != null && done.id() == step;
  }

  /** Whether a rank whose pulse once beat has none any more, although it could have. */
  boolean isStuck(SharedMemory memory) {
    long now = System.nanoTime();
    if (now - lookedAt >= LOOK_NS) {
      lookedAt = now;
      look(memory.pulse(number));
    }
    return missed >= MISSES;
  }

  private void look(long seen) {
    boolean beats = seen == 0 || seen != pulse;
    pulse = seen;
    if (beats) {
      missed = 0;
      delay = null;
    } else {
      missed += isStarved() ? 0 : 1;
    }
  }

  /** Whether it has not had a core for most of the time since the last look. */
  private boolean isStarved() {
    RunDelay before = delay;
    delay = runDelay.get();
    return before != null && 2 * delay.since(before).toNanos() > delay.atNanos() - before.atNanos();
  }
}
