package dev.serving.core.engine;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.message.EngineMessage;
import dev.serving.core.message.EngineMessage.Cancel;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.EngineMessage.Pause;
import dev.serving.core.message.EngineMessage.Resume;
import dev.serving.core.message.EngineMessage.SetTracing;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineFailed;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.LinkPoll;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.RankMessage.SchedulerAlive;
import dev.serving.core.message.RankMessage.SetRankTracing;
import dev.serving.core.message.SchedulerMessage.RankReady;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.CheckpointException;
import dev.serving.core.model.ModelConfig;
import dev.serving.core.model.Shard;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An engine's thread: waits for the frontend, runs steps, gives signs of life. Everything here is
 * this thread's alone, so nothing is locked.
 *
 * <p>While the ranks compute, it goes on listening: a request that arrives is queued and one that
 * is cancelled is let go of in the middle of a step.
 */
final class EngineLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EngineLoop.class.getName());
  private static final long BEAT_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long WAIT_MS = 100;

  /** Clients are to hear of a failure within a second, of which noticing it takes some. */
  private static final Duration RANKS_LET_GO = Duration.ofMillis(700);

  private final EngineOptions options;
  private final FrontendPort frontend;
  private final WorkerGroup workers;
  private final LinkPoll poll;
  private final Figures figures = new Figures();
  private final StepLedger ledger = new StepLedger();
  private final long startedAt = System.nanoTime();
  private BlockManager blocks;
  private Scheduler scheduler; // null until the model is loaded
  private SetRankTracing tracing; // what the ranks must hear when they are ready
  private long beatAt = startedAt - BEAT_NS;

  EngineLoop(EngineOptions options) {
    this.options = options;
    EngineConfig config = options.config();
    frontend =
        new FrontendPort(
            options.context(), options.frontend(), options.identity(), config.frontendTimeout());
    workers = new WorkerGroup(options.context(), config, options.memory());
    poll = new LinkPoll(frontend.link(), workers.link());
  }

  EngineEnd run() {
    try {
      load();
      while (true) {
        attend(scheduler.hasWork() ? 0 : WAIT_MS);
        if (scheduler.hasWork()) {
          step();
        }
      }
    } catch (EngineStop stop) {
      endRequests(stop.getMessage());
      return stop.end();
    } catch (CheckpointException
        | IllegalArgumentException
        | RankLostException
        | UncheckedIOException e) { // the last is the machine's fault: no room, no process
      LOG.log(Level.ERROR, "the engine cannot go on: {0}", e.getMessage());
      return failed(e.getMessage());
    } catch (OutOfMemoryError e) {
      LOG.log(Level.ERROR, "the engine cannot go on: its heap is full");
      long heap = Runtime.getRuntime().maxMemory() >> 20;
      return failed("the heap of " + heap + " MB is too small: raise --engine-heap");
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the engine failed", e);
      return failed("the engine failed: " + e);
    }
  }

  private EngineEnd failed(String reason) {
    endRequests(reason);
    frontend.trySend(new EngineFailed(reason));
    return EngineEnd.FAILED;
  }

  private void step() {
    Batch batch = scheduler.next();
    StepResult result =
        workers.run(batch.toStep(), () -> scheduler.dispatched(batch), this::attend);
    scheduler.complete(batch, result);
    frontend.sendOutputs();
    ledger.sendTo(frontend::send);
    if (figures.full()) {
      report();
    }
  }

  private void attend() {
    attend(WAIT_MS);
  }

  /** Waits a moment, hears the frontend, gives signs of life. */
  private void attend(long millis) {
    poll.await(millis);
    frontend.receive(this::hear);
    frontend.sendOutputs();
    ledger.sendTo(frontend::send);
    workers.check();
    if (System.nanoTime() - beatAt >= BEAT_NS) {
      beatAt = System.nanoTime();
      frontend.send(status());
      report();
      workers.tell(new SchedulerAlive());
    }
  }

  private void hear(EngineMessage message) {
    if (message instanceof Generate request) {
      generate(request);
    } else if (message instanceof Cancel cancel && scheduler != null) {
      scheduler.cancel(cancel.rid(), cancel.reason());
    } else if (message instanceof Pause pause && scheduler != null) {
      scheduler.pause(pause.rid());
    } else if (message instanceof Resume resume && scheduler != null) {
      scheduler.resume(resume.rid());
    } else if (message instanceof SetTracing set) {
      tracing = new SetRankTracing(set.levels());
      options.listener().tracing(set.levels());
      workers.tell(tracing);
    } else if (message instanceof Shutdown) {
      throw new EngineStop(EngineEnd.SHUTDOWN, "the server is shutting down");
    }
  }

  private void generate(Generate request) {
    if (scheduler == null) {
      String error = "the model is still being loaded";
      frontend.send(
          new Output(
              request.rid(), List.of(), List.of(), 0, FinishReason.BUSY, error, request.carrier()));
    } else if (scheduler.isOpen(request.rid())) {
      LOG.log(Level.WARNING, "request {0} is open already; ignored", request.rid());
    } else {
      scheduler.add(request);
    }
  }

  private EngineStatus status() {
    return scheduler == null
        ? new EngineStatus(0, 0, 0, 0, 0, 0, 0)
        : new EngineStatus(
            scheduler.running(),
            scheduler.waiting(),
            scheduler.paused(),
            blocks.used(),
            blocks.capacity(),
            scheduler.steps(),
            scheduler.preemptions());
  }

  private void report() {
    Map<String, ProcessReport> processes = new HashMap<>(workers.processes());
    processes.put(EngineReport.SCHEDULER, ProcessReport.now(options.listener().spans()));
    frontend.send(figures.take(processes, workers.link().ignored()));
  }

  private void load() {
    EngineConfig config = options.config();
    Checkpoint checkpoint = Checkpoint.open(config.worker().model());
    ModelConfig model = checkpoint.config();
    new Shard(0, workers.size()).check(model);
    int wanted = Limits.length(config.worker().scheduler(), model);
    workers.start(options.launcher(), options.rankListener(), poll::wakeup);
    Rehearsal.run();
    List<RankReady> ranks = workers.awaitReady(this::attend);
    int blockSize = config.worker().cache().blockSize();
    int kvBlocks = ranks.stream().mapToInt(RankReady::kvBlocks).min().orElseThrow();
    int length = (int) Math.min(wanted, (long) kvBlocks * blockSize);
    blocks = new BlockManager(kvBlocks, blockSize, config.worker().cache().prefixReuse());
    scheduler =
        new Scheduler(
            config.worker().scheduler(),
            new Limits(length, model.vocabSize(), checkpoint.generation().stopTokens()),
            blocks,
            EngineListener.all(options.listener(), figures, ledger),
            frontend::add,
            workers::tell);
    tellReady(ranks, length, wanted);
  }

  private void tellReady(List<RankReady> ranks, int length, int wanted) {
    int blockSize = options.config().worker().cache().blockSize();
    long weights = ranks.stream().mapToLong(RankReady::weightBytes).sum();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
    LOG.log(
        Level.INFO,
        "ready after {0} ms: {1} MB of weights on {2} rank(s), room for {3} tokens",
        millis,
        weights >> 20,
        ranks.size(),
        (long) blocks.capacity() * blockSize);
    if (length < wanted) {
      LOG.log(
          Level.WARNING,
          "the KV cache holds {0} tokens, less than the {1} of one sequence at full length",
          length,
          wanted);
    }
    if (tracing != null) {
      workers.tell(tracing);
    }
    List<Long> pids = ranks.stream().map(RankReady::pid).toList();
    frontend.send(new EngineReady(pids, length, blocks.capacity(), blockSize, weights, millis));
  }

  /**
   * Nobody is left without an answer, if the frontend is still there to hear it. Ranks end first:
   * what they do for a request lies before its last output.
   */
  private void endRequests(String reason) {
    workers.letGo(RANKS_LET_GO);
    if (scheduler != null) {
      scheduler.failAll(reason);
      frontend.trySendOutputs();
      ledger.sendLast(frontend::trySend);
    }
  }

  @Override
  public void close() {
    workers.close();
    poll.close();
    frontend.close();
  }
}
