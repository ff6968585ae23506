package dev.serving.viewer;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.Executor;

/** Sets up each connection: the steps from bytes to an answer, in reading order. */
final class Connections extends ChannelInitializer<SocketChannel> {
  private static final int IDLE_SECONDS = 60;

  private final Refusal refusal;
  private final BodyBudget budget;
  private final int maxBody;
  private final Responder responder;

  private Connections(Refusal refusal, BodyBudget budget, int maxBody, Responder responder) {
    this.refusal = refusal;
    this.budget = budget;
    this.maxBody = maxBody;
    this.responder = responder;
  }

  static Connections of(ViewerConfig config, TraceStore store, Executor workers) {
    Intake intake = new Intake(store);
    OtlpReceiver receiver = new OtlpReceiver(intake, config.maxBodyBytes());
    Endpoint endpoints = Endpoints.of(receiver, intake, store);
    return new Connections(
        receiver,
        new BodyBudget(config.maxInFlightBytes()),
        config.maxBodyBytes(),
        new Responder(endpoints, workers));
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
        .addLast(new HttpServerCodec())
        .addLast(new HttpServerKeepAliveHandler())
        // Holds back pipelined requests while one is being answered.
        .addLast(new FlowControlHandler())
        .addLast(new RequestReader(refusal, budget, maxBody, responder));
  }
}
