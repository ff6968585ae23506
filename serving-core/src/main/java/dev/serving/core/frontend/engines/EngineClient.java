package dev.serving.core.frontend.engines;

import dev.serving.core.config.EnginesConfig;
import dev.serving.core.message.EngineMessage.Cancel;
import dev.serving.core.message.EngineMessage.Pause;
import dev.serving.core.message.EngineMessage.Resume;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.Hub;
import dev.serving.core.message.Link;
import dev.serving.core.message.LinkPoll;
import dev.serving.core.message.TracingLevels;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.zeromq.ZContext;

/**
 * The frontend's end of the links to its engines. Other threads leave commands in a queue; one
 * thread, {@code link}, owns the socket and the {@link EngineFleet} and carries them out.
 */
public final class EngineClient implements AutoCloseable {
  private static final Duration EXIT_PATIENCE = Duration.ofSeconds(10);

  private final EnginesConfig config;
  private final ZContext context = Link.context();
  private final Hub hub = Hub.listen(context);
  private final LinkPoll poll = new LinkPoll(hub);
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final EngineFleet fleet;
  private final Runnable told;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "link");
  private volatile List<EngineView> views;
  private long lookedNanos = System.nanoTime();
  private boolean closing;
  private long closeNanos;

  /**
   * Engines that nobody has launched yet.
   *
   * @param reports is told by the link thread
   * @param told is run by the link thread when it has told listeners all that there was to tell
   */
  public EngineClient(
      EnginesConfig config, EngineLauncher launcher, ReportListener reports, Runnable told) {
    this.config = config;
    this.told = told;
    this.fleet = new EngineFleet(config, launcher, hub, this::command, reports);
    this.views = fleet.views();
  }

  /** Launches the engines, and goes on without waiting for them. */
  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Completes when all engines serve for the first time; fails with {@link EngineStartException}
   * when one cannot be brought to it.
   */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** How the engines do, as of a moment ago. Any thread. */
  public List<EngineView> engines() {
    return views;
  }

  /** Messages that came from strangers or were garbled. Any thread. */
  public long ignored() {
    return hub.ignored();
  }

  /**
   * Sends a request to an engine. Any thread.
   *
   * @return false when too many requests wait to be sent; then nothing happens
   */
  public boolean submit(Submission submission) {
    if (queued.incrementAndGet() > config.queue()) {
      queued.decrementAndGet();
      return false;
    }
    command(
        () -> {
          queued.decrementAndGet();
          fleet.submit(submission);
        });
    return true;
  }

  /** Has an engine let go of a sequence; its last output comes as ever. Any thread. */
  public void cancel(String rid, FinishReason reason) {
    command(() -> fleet.tell(rid, new Cancel(rid, reason)));
  }

  /** Has an engine make no more of a sequence, since its client does not read. Any thread. */
  public void pause(String rid) {
    command(() -> fleet.tell(rid, new Pause(rid)));
  }

  /** Has an engine go on with a sequence that was paused. Any thread. */
  public void resume(String rid) {
    command(() -> fleet.tell(rid, new Resume(rid)));
  }

  /** Changes what all engines trace, also those that are started later. Any thread. */
  public void tracing(TracingLevels levels) {
    command(() -> fleet.tracing(levels));
  }

  /** Has the link thread do a moment's work. Any thread. */
  public void ask(Runnable work) {
    command(work);
  }

  private void command(Runnable command) {
    commands.add(command);
    poll.wakeup();
  }

  private void run() {
    fleet.launch();
    while (!closed()) {
      try {
        turn();
      } catch (RuntimeException e) { // the link must outlive whatever one message does
        System.getLogger(EngineClient.class.getName())
            .log(System.Logger.Level.ERROR, "the link to the engines failed and goes on", e);
      }
      told.run();
    }
    fleet.end();
    told.run();
    views = fleet.views();
    poll.close();
    hub.close();
    context.close();
  }

  private void turn() {
    poll.await(Math.max(1, config.heartbeat().toMillis() / 4));
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
    boolean news = fleet.receive();
    long now = System.nanoTime();
    long pause = now - lookedNanos;
    if (pause >= config.heartbeat().toNanos() / 2) {
      lookedNanos = now;
      fleet.watch(now, Math.max(0, pause - config.heartbeat().toNanos()));
      news = true;
    }
    if (news) {
      views = fleet.views();
    }
    if (!ready.isDone()) {
      settleReady();
    }
  }

  private void settleReady() {
    if (fleet.allServe()) {
      ready.complete(null);
    }
    fleet.hopeless().ifPresent(why -> ready.completeExceptionally(new EngineStartException(why)));
  }

  private boolean closed() {
    return closing && (System.nanoTime() - closeNanos > 0 || !fleet.anyAlive());
  }

  /** Has the engines flush and end, ends those that do not, and fails what is still open. */
  @Override
  public void close() {
    command(
        () -> {
          closing = true;
          closeNanos = System.nanoTime() + EXIT_PATIENCE.toNanos();
          fleet.close();
        });
    try {
      thread.join(2 * EXIT_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ready.completeExceptionally(
        new IllegalStateException("the server was closed before it was ready"));
  }
}
