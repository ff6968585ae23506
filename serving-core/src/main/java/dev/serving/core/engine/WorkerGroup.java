package dev.serving.core.engine;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.message.Hub;
import dev.serving.core.message.Link;
import dev.serving.core.message.Link.Received;
import dev.serving.core.message.Message;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.RankMessage;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.RankMessage.StopRank;
import dev.serving.core.message.SchedulerMessage.RankFailed;
import dev.serving.core.message.SchedulerMessage.RankReady;
import dev.serving.core.message.SchedulerMessage.RankStatus;
import dev.serving.core.message.SchedulerMessage.StepDone;
import dev.serving.core.message.Spoke;
import dev.serving.core.worker.RankListener;
import dev.serving.core.worker.RankPlace;
import dev.serving.core.worker.SharedMemory;
import dev.serving.core.worker.Worker;
import dev.serving.core.worker.WorkerOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.zeromq.ZContext;

/**
 * An engine's ranks as one: a step goes to all of them and is done when all have answered.
 *
 * <p>Owned by the engine's thread. While it waits it calls the {@link Pause}, in which the engine
 * attends to everything else. A rank that died, stopped or failed makes the call that notices it
 * throw {@link RankLostException}; that takes at most a second.
 */
public final class WorkerGroup implements AutoCloseable {
  /** How the owner waits. */
  @FunctionalInterface
  public interface Pause {
    /**
     * Waits a moment, at most a tenth of a second, until something arrives on {@link #link} or on
     * whatever else the owner listens to.
     */
    void await();
  }

  private static final long EXIT_NS = TimeUnit.SECONDS.toNanos(2);

  private final EngineConfig config;
  private final ZContext context;
  private final String inproc;
  private final Hub hub;
  private final List<Rank> ranks = new ArrayList<>();
  private final Path memoryPlace;
  private Path directory;
  private SharedMemory memory;

  /**
   * Listens for ranks; none is started yet.
   *
   * @param memoryPlace directory for the shared memory; null for one of the system's
   */
  public WorkerGroup(ZContext context, EngineConfig config, Path memoryPlace) {
    this.context = context;
    this.memoryPlace = memoryPlace;
    this.config = config;
    inproc = Spoke.identity("ranks");
    hub = Hub.listen(context, inproc);
  }

  /** What the owner must wait on. */
  public Link link() {
    return hub;
  }

  /** How many ranks there are. */
  public int size() {
    return config.tensorParallel();
  }

  /**
   * Starts the ranks: the first as a thread named {@code worker}, the others through the launcher.
   *
   * @param launcher starts processes
   * @param listener hears what happens on rank 0
   * @param wakeup ends a {@link Pause}; any thread may call it
   * @throws UncheckedIOException when a process or the shared memory cannot be made
   */
  public void start(RankLauncher launcher, RankListener listener, Runnable wakeup) {
    share();
    for (int number = 0; number < size(); number++) {
      Rank rank = new Rank(number, Spoke.identity("rank-" + number));
      ranks.add(rank);
      hub.expect(rank.identity);
    }
    for (Rank rank : ranks.subList(1, size())) {
      rank.runAs(launcher.start(place(rank, hub.address())), wakeup);
    }
    RankPlace first = place(ranks.get(0), "inproc://" + inproc);
    WorkerOptions options = new WorkerOptions(config.worker(), context, first, listener);
    ranks.get(0).runAsThread(() -> Worker.run(options), wakeup);
  }

  private RankPlace place(Rank rank, String address) {
    return new RankPlace(rank.number, size(), address, rank.identity, directory);
  }

  private void share() {
    if (size() > 1) {
      directory = SharedMemory.directory(memoryPlace);
      memory = SharedMemory.create(directory, size());
    }
  }

  /**
   * Waits until every rank has its weights and is warm.
   *
   * @return what each said, rank 0 first
   * @throws RankLostException when one cannot
   */
  public List<RankReady> awaitReady(Pause pause) {
    while (ranks.stream().anyMatch(rank -> rank.ready() == null)) {
      pause.await();
      check();
    }
    unlinkSharedMemory(); // everyone has mapped it: nothing stays behind, however we end
    return ranks.stream().map(Rank::ready).toList();
  }

  /**
   * Runs a step on all ranks.
   *
   * @param handedOver called when the ranks have been sent the step
   * @param pause how to wait for them
   * @return when, and what each rank said
   * @throws RankLostException when a rank does not answer
   */
  public StepResult run(Step step, Runnable handedOver, Pause pause) {
    long start = System.nanoTime();
    for (Rank rank : ranks) {
      if (!hub.send(rank.identity, step)) {
        throw lost(rank, " cannot be reached");
      }
    }
    handedOver.run();
    check();
    while (!ranks.stream().allMatch(rank -> rank.hasDone(step.id()))) {
      pause.await();
      check();
      if (System.nanoTime() - start > config.stepTimeout().toNanos()) {
        throw new RankLostException("a step takes longer than " + config.stepTimeout());
      }
    }
    long answered = System.nanoTime();
    return new StepResult(start, answered, ranks.stream().map(Rank::done).toList());
  }

  /** Tells every rank that is ready something that needs no answer, if it can be reached. */
  public void tell(RankMessage message) {
    ranks.stream()
        .filter(rank -> rank.ready() != null)
        .forEach(rank -> hub.send(rank.identity, message));
  }

  /** What the ranks' own processes said of themselves last, by name. */
  public Map<String, ProcessReport> processes() {
    return ranks.stream()
        .filter(rank -> rank.process() != null)
        .collect(Collectors.toMap(rank -> "rank-" + rank.number, Rank::process));
  }

  /**
   * Hears what ranks have said and looks after them.
   *
   * @throws RankLostException when one is gone
   */
  public void check() {
    for (Optional<Received> next = hub.receive(); next.isPresent(); next = hub.receive()) {
      hear(next.get());
    }
    for (Rank rank : ranks) {
      if (rank.isOver()) {
        throw lost(rank, " died");
      }
      if (rank.number > 0 && rank.isStuck(memory)) {
        rank.endNow(); // it would not hear that its engine has ended
        throw lost(rank, " has stopped");
      }
    }
  }

  private void hear(Received received) {
    Rank rank =
        ranks.stream().filter(r -> r.identity.equals(received.peer())).findFirst().orElseThrow();
    Message message = received.message();
    if (message instanceof StepDone done) {
      rank.done(done);
    } else if (message instanceof RankReady ready) {
      rank.ready(ready);
    } else if (message instanceof RankStatus status) {
      rank.process(status.process());
    } else if (message instanceof RankFailed failed) {
      throw lost(rank, ": " + failed.reason());
    }
  }

  /** The others can do nothing more: whoever waits in an all-reduce waits no more. */
  private RankLostException lost(Rank rank, String how) {
    rank.lose();
    giveUp();
    return new RankLostException("rank " + rank.number + how);
  }

  private void giveUp() {
    if (memory != null) {
      memory.giveUp();
    }
  }

  /** Asks the ranks to end, and waits at most so long for those of which that can be expected. */
  public void letGo(Duration patience) {
    stop();
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (Rank rank : ranks) {
        if (!rank.isLost()) {
          rank.awaitEnd(deadline);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    for (Rank rank : ranks) {
      hub.send(rank.identity, new StopRank());
    }
  }

  /** Asks the ranks to end, and ends those that do not within two seconds. */
  @Override
  public void close() {
    stop();
    awaitEnd();
    giveUp();
    unlinkSharedMemory();
    hub.close();
  }

  private void awaitEnd() {
    long deadline = System.nanoTime() + EXIT_NS;
    try {
      for (Rank rank : ranks) {
        rank.end(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unlinkSharedMemory() {
    if (directory != null) {
      SharedMemory.remove(directory);
      directory = null;
    }
  }
}
