package dev.serving.core.worker;

import dev.serving.blame.Pauses;
import dev.serving.core.message.Link.Received;
import dev.serving.core.message.LinkPoll;
import dev.serving.core.message.Message;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.SchedulerAlive;
import dev.serving.core.message.RankMessage.SetRankTracing;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.RankMessage.StopRank;
import dev.serving.core.message.SchedulerMessage;
import dev.serving.core.message.SchedulerMessage.RankFailed;
import dev.serving.core.message.SchedulerMessage.RankReady;
import dev.serving.core.message.SchedulerMessage.RankStatus;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.SchedulerMessage.StepDone;
import dev.serving.core.message.Spoke;
import dev.serving.core.model.CheckpointException;
import dev.serving.core.model.Collective;
import dev.serving.core.worker.ModelRunner.Choice;
import dev.serving.trace.TraceCarrier;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A rank: hears steps from its engine, runs them on its share of the model, answers. The same on
 * every rank; rank 0 is a thread of the engine's process, the others are processes.
 */
public final class Worker {
  private static final Logger LOG = System.getLogger(Worker.class.getName());
  private static final long POLL_MS = 500;

  /** An engine that is alive says so several times a second. */
  private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(10);

  /** The second token's carrier names DECODE; after it nothing changes. */
  private static final int CARRIED_TOKENS = 2;

  private final WorkerOptions options;
  private final RankPlace place;
  private final Spoke engine;
  private final LinkPoll poll;
  private final TimedCollective collective;
  private ModelRunner runner;
  private boolean ready;
  private boolean stopped;

  private Worker(WorkerOptions options, Spoke engine, LinkPoll poll, Collective collective) {
    this.options = options;
    this.place = options.place();
    this.engine = engine;
    this.poll = poll;
    this.collective = new TimedCollective(collective);
  }

  /**
   * Runs a rank on the calling thread until its engine stops it or is gone. A failure is told to
   * the engine, then the call returns.
   */
  public static void run(WorkerOptions options) {
    RankPlace place = options.place();
    try (Spoke engine = Spoke.connect(options.context(), place.address(), place.identity());
        LinkPoll poll = new LinkPoll(engine)) {
      if (place.size() == 1) {
        new Worker(options, engine, poll, Collective.SOLO).runAndTell();
        return;
      }
      SharedMemory memory = SharedMemory.open(place.sharedMemory(), place.size());
      Pulse pulse = new Pulse(memory, place.rank());
      try {
        Collective shared = new SharedMemoryCollective(memory, place.rank(), place.size());
        new Worker(options, engine, poll, shared).runAndTell();
      } finally {
        pulse.close();
      }
    }
  }

  private void runAndTell() {
    String reason = "the engine has stopped";
    try {
      options.listener().started();
      load();
      serve();
    } catch (PeerLostException e) {
      options.listener().stepLost(e.waitedNs());
      reason = failed(e.getMessage(), null);
    } catch (CheckpointException e) {
      reason = failed(e.getMessage(), null);
    } catch (IllegalArgumentException e) {
      reason = failed(e.getMessage(), ready ? e : null); // before: a setting that cannot be met
    } catch (OutOfMemoryError e) {
      reason = failed(heapIsFull(), null);
    } catch (RuntimeException e) {
      reason = failed(reason(e), e);
    } finally {
      forgetAll(reason);
    }
  }

  private String failed(String reason, Throwable cause) {
    LOG.log(Level.ERROR, "rank " + place.rank() + " cannot go on: " + reason, cause);
    engine.send(new RankFailed(reason));
    return reason;
  }

  private String heapIsFull() {
    return "the heap of %d MB is too small for %s: raise --engine-heap, or lower --kv-cache-%s"
        .formatted(
            Runtime.getRuntime().maxMemory() >> 20,
            ready ? "weights, KV cache and a step" : "weights and KV cache",
            options.config().cache().bytes() > 0 ? "bytes" : "share");
  }

  private static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Whoever is still in the batch is cut short. */
  private void forgetAll(String reason) {
    if (runner != null) {
      for (String rid : runner.sequences()) {
        options.listener().released(new Release(rid, Release.Cause.ABORTED, reason));
      }
      runner.close();
    }
  }

  private void load() {
    long start = System.nanoTime();
    runner = ModelRunner.load(options.config(), collective);
    LOG.log(Level.INFO, "rank {0} has its weights after {1} ms", place.rank(), millis(start));
    runner.warmUp(options.config().scheduler(), collective);
    LOG.log(Level.INFO, "rank {0} is warm after {1} ms", place.rank(), millis(start));
    collective.takeNs();
    ready = true;
    send(new RankReady(ProcessHandle.current().pid(), runner.kvBlocks(), runner.weightBytes()));
  }

  private static long millis(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private void serve() {
    long heard = System.nanoTime();
    while (!stopped && System.nanoTime() - heard < SILENCE_NS) {
      poll.await(POLL_MS);
      for (Optional<Received> next = engine.receive();
          next.isPresent() && !stopped;
          next = engine.receive()) {
        hear(next.get().message());
        heard = System.nanoTime();
      }
    }
  }

  private void hear(Message message) {
    if (message instanceof Step step) {
      step(step);
    } else if (message instanceof Release release) {
      runner.release(release.rid());
      options.listener().released(release);
    } else if (message instanceof SetRankTracing set) {
      options.listener().tracing(set.levels());
    } else if (message instanceof SchedulerAlive && place.rank() > 0) { // rank 0 is its engine's
      send(new RankStatus(ProcessReport.now(options.listener().spans())));
    } else if (message instanceof StopRank) {
      stopped = true;
    }
  }

  private void step(Step step) {
    RankListener listener = options.listener();
    long start = System.nanoTime();
    long waited = collective.waitedNs();
    long paused = Pauses.sumNs();
    listener.stepStarted(step);
    List<Choice> choices = runner.run(step);
    if (place.size() > 1) {
      listener.allReduced(collective.takeNs());
    }
    step.chunks().stream().filter(Chunk::samples).forEach(listener::sampled);
    List<Sampled> sampled = choices.stream().map(this::sampled).toList();
    listener.stepDone(step);
    waited = collective.waitedNs() - waited;
    paused = Pauses.sumNs() - paused;
    long busy = System.nanoTime() - start - waited;
    send(new StepDone(step.id(), busy, waited, paused, sampled, runner.scored()));
  }

  private Sampled sampled(Choice choice) {
    TraceCarrier carrier =
        choice.count() <= CARRIED_TOKENS
            ? options.listener().carrier(choice.rid())
            : TraceCarrier.none();
    return new Sampled(choice.rid(), choice.token(), choice.logprobs(), carrier);
  }

  private void send(SchedulerMessage message) {
    if (!engine.send(message)) {
      throw new PeerLostException("the engine does not read what its rank says");
    }
  }
}
