package dev.serving.core.engine;

import dev.serving.core.message.EngineMessage;
import dev.serving.core.message.FrontendMessage;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.FrontendMessage.Outputs;
import dev.serving.core.message.Link;
import dev.serving.core.message.Link.Received;
import dev.serving.core.message.Spoke;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.zeromq.ZContext;

/** The engine's connection to its frontend, and whether anyone is there. One thread. */
final class FrontendPort implements AutoCloseable {
  private final Spoke spoke;
  private final Duration timeout;
  private final List<Output> outputs = new ArrayList<>();
  private long heardAt = System.nanoTime();

  FrontendPort(ZContext context, String address, String identity, Duration timeout) {
    spoke = Spoke.connect(context, address, identity);
    this.timeout = timeout;
  }

  Link link() {
    return spoke;
  }

  /**
   * Hands on all that has arrived.
   *
   * @throws EngineStop when nothing has come for too long
   */
  void receive(Consumer<EngineMessage> listener) {
    for (Optional<Received> next = spoke.receive(); next.isPresent(); next = spoke.receive()) {
      heardAt = System.nanoTime();
      if (next.get().message() instanceof EngineMessage message) {
        listener.accept(message);
      }
    }
    if (System.nanoTime() - heardAt > timeout.toNanos()) {
      throw new EngineStop(EngineEnd.FRONTEND_LOST, "the frontend is silent");
    }
  }

  /** Keeps an output for {@link #sendOutputs()}, which must come soon. */
  void add(Output output) {
    outputs.add(output);
  }

  /**
   * Sends the outputs that were added, in as few messages as hold them.
   *
   * @throws EngineStop when the frontend has stopped reading
   */
  void sendOutputs() {
    sendOutputs(this::send);
  }

  /** As {@link #sendOutputs()}, if it can: for last words. */
  void trySendOutputs() {
    sendOutputs(this::trySend);
  }

  private void sendOutputs(Consumer<FrontendMessage> by) {
    for (int from = 0; from < outputs.size(); from += Outputs.MOST) {
      int to = Math.min(outputs.size(), from + Outputs.MOST);
      by.accept(new Outputs(outputs.subList(from, to)));
    }
    outputs.clear();
  }

  /**
   * Sends.
   *
   * @throws EngineStop when the frontend has stopped reading
   */
  void send(FrontendMessage message) {
    if (!spoke.send(message)) {
      throw new EngineStop(EngineEnd.FRONTEND_LOST, "the frontend does not read");
    }
  }

  /** Sends if it can: for last words. */
  void trySend(FrontendMessage message) {
    spoke.send(message);
  }

  @Override
  public void close() {
    spoke.close();
  }
}
