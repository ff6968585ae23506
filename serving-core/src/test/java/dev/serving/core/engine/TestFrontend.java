package dev.serving.core.engine;

import static org.awaitility.Awaitility.await;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.message.EngineMessage;
import dev.serving.core.message.EngineMessage.FrontendAlive;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.FrontendMessage.Outputs;
import dev.serving.core.message.Hub;
import dev.serving.core.message.Link.Received;
import dev.serving.core.message.LinkPoll;
import dev.serving.core.message.Message;
import dev.serving.core.message.Spoke;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.pollinterval.FixedPollInterval;
import org.zeromq.ZContext;

/** A frontend for tests: an engine on a thread of its own, reached over a real link. */
final class TestFrontend implements AutoCloseable {
  final List<Message> heard = new ArrayList<>();
  final CompletableFuture<EngineEnd> end = new CompletableFuture<>();
  private final ZContext context = new ZContext();
  private final ZContext engineContext = new ZContext();
  private final Hub hub = Hub.listen(context);
  private final LinkPoll poll = new LinkPoll(hub);
  private final String identity = Spoke.identity("engine");
  private boolean silent;

  private TestFrontend() {
    hub.expect(identity);
  }

  /** Starts an engine and does not wait. */
  static TestFrontend start(EngineConfig config, RankLauncher launcher) {
    return start(config, launcher, options -> options);
  }

  /** Starts an engine with something changed, and does not wait. */
  static TestFrontend start(
      EngineConfig config, RankLauncher launcher, UnaryOperator<EngineOptions> change) {
    TestFrontend frontend = new TestFrontend();
    EngineOptions options =
        change.apply(
            EngineOptions.of(
                config,
                frontend.engineContext,
                frontend.hub.address(),
                frontend.identity,
                launcher));
    Thread thread = new Thread(() -> frontend.end.complete(Engine.run(options)));
    thread.setUncaughtExceptionHandler((t, e) -> frontend.end.completeExceptionally(e));
    thread.start();
    return frontend;
  }

  /** Waits until the engine can serve. */
  TestFrontend ready() {
    until(Duration.ofSeconds(60), () -> end.isDone() || one(EngineReady.class).isPresent());
    if (one(EngineReady.class).isEmpty()) {
      throw new AssertionError("the engine ended: " + heard);
    }
    return this;
  }

  /** Says no more that it is alive. */
  void fallSilent() {
    silent = true;
  }

  void send(EngineMessage message) {
    until(Duration.ofSeconds(5), () -> hub.send(identity, message));
  }

  /** Waits for requests' last outputs. */
  void untilEnded(String... rids) {
    until(Duration.ofSeconds(60), () -> Stream.of(rids).allMatch(rid -> last(rid).isPresent()));
  }

  void until(Duration limit, BooleanSupplier condition) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(FixedPollInterval.fixed(Duration.ofMillis(1)))
        .atMost(limit)
        .until(
            () -> {
              pump();
              return condition.getAsBoolean();
            });
  }

  private void pump() {
    poll.await(5);
    for (Optional<Received> next = hub.receive(); next.isPresent(); next = hub.receive()) {
      hear(next.get().message());
    }
    if (!silent) {
      hub.send(identity, new FrontendAlive());
    }
  }

  private void hear(Message message) {
    if (message instanceof Outputs step) {
      heard.addAll(step.outputs());
    } else {
      heard.add(message);
    }
  }

  <T> Optional<T> one(Class<T> type) {
    return heard.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  List<Output> outputs(String rid) {
    return heard.stream()
        .filter(Output.class::isInstance)
        .map(Output.class::cast)
        .filter(output -> output.rid().equals(rid))
        .toList();
  }

  Optional<Output> last(String rid) {
    return outputs(rid).stream().filter(output -> output.finish() != null).findFirst();
  }

  List<Integer> tokens(String rid) {
    return outputs(rid).stream().flatMap(output -> output.tokens().stream()).toList();
  }

  @Override
  public void close() {
    if (!end.isDone()) {
      hub.send(identity, new Shutdown());
      until(Duration.ofSeconds(10), end::isDone);
    }
    poll.close();
    hub.close();
    engineContext.close();
    context.close();
  }
}
