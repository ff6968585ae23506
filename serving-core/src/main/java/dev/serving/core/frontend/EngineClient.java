package dev.serving.core.frontend;

import dev.serving.core.config.EnginesConfig;
import dev.serving.core.frontend.EngineLauncher.EngineHandle;
import dev.serving.core.message.EngineMessage;
import dev.serving.core.message.EngineMessage.Cancel;
import dev.serving.core.message.EngineMessage.FrontendAlive;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.EngineMessage.SetTracing;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineFailed;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.Hub;
import dev.serving.core.message.Link;
import dev.serving.core.message.LinkPoll;
import dev.serving.core.message.Message;
import dev.serving.core.message.MessageException;
import dev.serving.core.message.Spoke;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.zeromq.ZContext;

/**
 * The frontend's end of the links to its engines: starts them, sends them requests, hands on what
 * comes back, notices when one is dead or stuck, and starts it anew.
 *
 * <p>One thread, {@code link}, owns the socket and everything known of the engines; others leave
 * commands in a queue. Every {@link Generate} gets exactly one last {@link Output}, from its engine
 * or from here.
 */
final class EngineClient implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EngineClient.class.getName());
  private static final Duration EXIT_PATIENCE = Duration.ofSeconds(10);
  private static final int BATCH = 1024;

  private final EnginesConfig config;
  private final EngineLauncher launcher;
  private final ZContext context = new ZContext();
  private final Hub hub = Hub.listen(context);
  private final LinkPoll poll = new LinkPoll(context, hub);
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final List<EngineSlot> slots;
  private final Map<String, EngineSlot> slotOf = new HashMap<>();
  private final EngineRouting routing = new EngineRouting();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "link");
  private volatile List<EngineView> views = List.of();
  private TracingLevels levels;
  private long tickNanos = System.nanoTime();
  private boolean closing;
  private long closeNanos;

  EngineClient(EnginesConfig config, EngineLauncher launcher) {
    this.config = config;
    this.launcher = launcher;
    this.slots = IntStream.range(0, config.count()).mapToObj(this::slot).toList();
    publish();
  }

  private EngineSlot slot(int dpRank) {
    return new EngineSlot(
        dpRank, new RestartBackoff(config.firstRestart(), config.longestRestart()));
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Completes when all engines serve for the first time. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** How the engines do, as of a moment ago. Any thread. */
  List<EngineView> engines() {
    return views;
  }

  /** Messages that came from strangers or were garbled. Any thread. */
  long ignored() {
    return hub.ignored();
  }

  /**
   * Sends a request to an engine. Any thread.
   *
   * @return false when too many requests wait to be sent; then nothing happens
   */
  boolean submit(Submission submission) {
    if (queued.incrementAndGet() > config.queue()) {
      queued.decrementAndGet();
      return false;
    }
    command(
        () -> {
          queued.decrementAndGet();
          route(submission);
        });
    return true;
  }

  /** Has an engine let go of a sequence; its last output comes as ever. Any thread. */
  void cancel(String rid, FinishReason reason) {
    command(
        () ->
            Optional.ofNullable(slotOf.get(rid)).ifPresent(s -> keep(s, new Cancel(rid, reason))));
  }

  /** Changes what all engines trace, also those that are started later. Any thread. */
  void tracing(TracingLevels newLevels) {
    command(
        () -> {
          levels = newLevels;
          slots.stream().filter(EngineSlot::serves).forEach(s -> keep(s, new SetTracing(levels)));
        });
  }

  private void command(Runnable command) {
    commands.add(command);
    poll.wakeup();
  }

  private void run() {
    slots.forEach(this::launch);
    while (!closed()) {
      try {
        poll.await(Math.max(1, config.heartbeat().toMillis() / 4));
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
          command.run();
        }
        receive();
        tick(System.nanoTime());
      } catch (RuntimeException e) { // the link must outlive whatever one message does
        LOG.log(System.Logger.Level.ERROR, "the link to the engines failed and goes on", e);
      }
    }
    slots.forEach(s -> fail(s, "the server has ended"));
    poll.close();
    hub.close();
    context.close();
  }

  private void route(Submission submission) {
    Optional<EngineSlot> slot = routing.choose(slots, submission.prompt());
    if (slot.isEmpty() || closing) {
      submission.generates().forEach(g -> refuse(submission, g, unavailable()));
      return;
    }
    for (Generate generate : submission.generates()) {
      if (sent(slot.get(), generate)) {
        slot.get().open.put(generate.rid(), submission);
        slotOf.put(generate.rid(), slot.get());
      } else {
        refuse(submission, generate, "engine " + slot.get().dpRank + " takes no more requests now");
      }
    }
  }

  private boolean sent(EngineSlot slot, Generate generate) {
    try {
      return slot.outbox.isEmpty() && hub.send(slot.identity, generate);
    } catch (MessageException e) {
      LOG.log(System.Logger.Level.WARNING, "request " + generate.rid() + " cannot be sent", e);
      return false;
    }
  }

  private static void refuse(Submission submission, Generate generate, String reason) {
    submission.listener().output(last(generate.rid(), FinishReason.BUSY, reason));
  }

  private String unavailable() {
    EngineSlot first = slots.get(0);
    return closing ? "the server is shutting down" : "no engine is ready: " + first.reason;
  }

  private static Output last(String rid, FinishReason reason, String text) {
    return new Output(rid, List.of(), List.of(), 0, reason, text, TraceCarrier.none());
  }

  /** Sends what must not be lost: a full socket gets it later. */
  private void keep(EngineSlot slot, EngineMessage message) {
    if (!slot.outbox.isEmpty() || !hub.send(slot.identity, message)) {
      slot.outbox.add(message);
    }
  }

  private void receive() {
    Optional<Link.Received> next = hub.receive();
    for (int i = 1; next.isPresent(); i++) {
      handle(next.get());
      next = i < BATCH ? hub.receive() : Optional.empty();
    }
  }

  private void handle(Link.Received received) {
    for (EngineSlot slot : slots) {
      if (slot.identity.equals(received.peer())) {
        slot.heardNanos = System.nanoTime();
        handle(slot, received.message());
        return;
      }
    }
  }

  private void handle(EngineSlot slot, Message message) {
    if (message instanceof Output output) {
      output(slot, output);
    } else if (message instanceof EngineStatus status) {
      slot.status = status;
    } else if (message instanceof EngineReady said) {
      engineReady(slot, said);
    } else if (message instanceof EngineFailed failed) {
      fail(slot, "engine " + slot.dpRank + " failed: " + failed.reason());
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

  private void engineReady(EngineSlot slot, EngineReady said) {
    slot.ready(said, System.nanoTime());
    LOG.log(
        System.Logger.Level.INFO,
        "engine {0} is ready after {1} ms: processes {2}, {3} KV blocks of {4} tokens",
        slot.dpRank,
        Long.toString(said.loadMillis()),
        said.pids(),
        Integer.toString(said.kvBlocks()),
        said.blockSize());
    if (levels != null) {
      keep(slot, new SetTracing(levels));
    }
    publish();
    if (slots.stream().allMatch(EngineSlot::serves)) {
      ready.complete(null);
    }
  }

  private void tick(long now) {
    long pause = now - tickNanos;
    if (pause < config.heartbeat().toNanos() / 2) {
      return;
    }
    tickNanos = now;
    for (EngineSlot slot : slots) {
      // Time in which this thread itself did not run is no silence of an engine's.
      slot.heardNanos += Math.max(0, pause - config.heartbeat().toNanos());
      watch(slot, now);
    }
    publish();
  }

  private void watch(EngineSlot slot, long now) {
    if (slot.phase == EngineView.Phase.DOWN) {
      if (now - slot.restartNanos >= 0 && !closing) {
        launch(slot);
      }
      return;
    }
    while (!slot.outbox.isEmpty() && hub.send(slot.identity, slot.outbox.peek())) {
      slot.outbox.remove();
    }
    hub.send(slot.identity, new FrontendAlive());
    if (slot.serves() && now - slot.heardNanos > config.silence().toNanos()) {
      fail(slot, "engine %d (process %d) is stuck".formatted(slot.dpRank, slot.handle.pid()));
    }
    slot.open.values().stream()
        .filter(s -> now - s.deadlineNanos() > 0)
        .distinct()
        .forEach(s -> s.listener().expired());
  }

  private void launch(EngineSlot slot) {
    end(slot);
    String identity = Spoke.identity("engine-" + slot.dpRank);
    hub.expect(identity);
    try {
      EngineHandle handle = launcher.start(slot.dpRank, hub.address(), identity);
      slot.started(handle, identity);
      handle.onExit().whenComplete((code, e) -> command(() -> exited(slot, handle, code)));
    } catch (IOException | RuntimeException e) {
      hub.forget(identity);
      slot.down(
          "engine " + slot.dpRank + " cannot be started: " + e.getMessage(), System.nanoTime());
      LOG.log(System.Logger.Level.ERROR, slot.reason, e);
    }
    publish();
  }

  private void exited(EngineSlot slot, EngineHandle handle, Integer code) {
    if (slot.handle == handle && slot.phase != EngineView.Phase.DOWN) {
      fail(
          slot,
          "engine %d (process %d) ended with exit code %s"
              .formatted(slot.dpRank, handle.pid(), code));
    }
  }

  /** Gives up an engine and everything it had. */
  private void fail(EngineSlot slot, String reason) {
    if (slot.phase == EngineView.Phase.DOWN) {
      return;
    }
    if (!closing) {
      LOG.log(System.Logger.Level.ERROR, reason + "; its " + slot.open.size() + " requests fail");
    }
    hub.forget(slot.identity);
    slot.down(reason, System.nanoTime());
    routing.forget(slot);
    Map<String, Submission> lost = Map.copyOf(slot.open);
    slot.open.clear();
    slotOf.keySet().removeAll(lost.keySet());
    lost.forEach((rid, s) -> s.listener().output(last(rid, FinishReason.ERROR, reason)));
    end(slot);
    publish();
  }

  private static void end(EngineSlot slot) {
    if (slot.handle != null && slot.handle.isAlive()) {
      slot.handle.destroy();
    }
  }

  private void publish() {
    views = slots.stream().map(EngineSlot::view).toList();
  }

  private boolean closed() {
    return closing
        && (System.nanoTime() - closeNanos > 0
            || slots.stream().noneMatch(s -> s.handle != null && s.handle.isAlive()));
  }

  /** Has the engines flush and end, ends those that do not, and fails what is still open. */
  @Override
  public void close() {
    command(
        () -> {
          closing = true;
          closeNanos = System.nanoTime() + EXIT_PATIENCE.toNanos();
          slots.stream().filter(EngineSlot::serves).forEach(s -> keep(s, new Shutdown()));
          slots.stream().filter(s -> !s.serves()).forEach(EngineClient::end);
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
