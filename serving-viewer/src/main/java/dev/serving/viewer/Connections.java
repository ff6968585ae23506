package dev.serving.viewer;

import dev.serving.viewer.store.TraceStore;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/** Sets up each connection: the steps from bytes to an answer, in reading order. */
final class Connections extends ChannelInitializer<SocketChannel> {
  private static final int IDLE_SECONDS = 60;
  private static final int STREAMS = 100;
  // The default of 64 kB makes a large export wait for many round trips.
  private static final int WINDOW = 1 << 20;

  private final OtlpReceiver overHttp;
  private final GrpcReceiver overGrpc;
  private final BodyBudget budget;
  private final int maxBody;
  private final Responder responder;
  private final Executor workers;
  private final Door door;
  private final ErrorWatch watch;
  private final SslContext tls;
  private final Crowd crowd = new Crowd();

  Connections(ViewerConfig config, TraceStore store, Executor workers, ErrorWatch watch) {
    Intake intake = new Intake(store);
    this.maxBody = config.maxBodyBytes();
    this.overHttp = new OtlpReceiver(intake, maxBody);
    this.overGrpc = new GrpcReceiver(intake, maxBody);
    this.budget = new BodyBudget(config.maxInFlightBytes());
    this.responder =
        new Responder(
            Endpoints.of(overHttp, intake, budget, store),
            workers,
            new BodyBudget(Runtime.getRuntime().maxMemory() / 4));
    this.workers = workers;
    this.door = new Door(config.token());
    this.watch = watch;
    this.tls = config.tls().map(ViewerTls::context).orElse(null);
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    channel.pipeline().addLast(crowd);
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
        .addLast(new ProtocolChoice(this::http1, this::http2));
  }

  private void http1(ChannelPipeline pipeline) {
    pipeline
        .addLast(new HttpServerCodec())
        .addLast(new HttpServerKeepAliveHandler())
        // Holds back pipelined requests while one is being answered.
        .addLast(new FlowControlHandler())
        .addLast(
            new RequestReader(
                refusal(reached(pipeline.channel())), budget, maxBody, responder, watch));
  }

  private Refusal refusal(InetAddress reached) {
    return new Guarded(new Door.Side(door, reached), overHttp);
  }

  private static InetAddress reached(Channel connection) {
    return ((InetSocketAddress) connection.localAddress()).getAddress();
  }

  private void http2(ChannelPipeline pipeline) {
    Http2Settings settings =
        Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS).initialWindowSize(WINDOW);
    pipeline
        .addLast(Http2FrameCodecBuilder.forServer().initialSettings(settings).build())
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    InetAddress reached = reached(stream.parent());
                    stream
                        .pipeline()
                        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                        .addLast(
                            new StreamChoice(
                                call -> grpc(call, reached), it -> http2(it, reached)));
                  }
                }))
        .addLast(new Watched(watch));
  }

  private void http2(ChannelPipeline stream, InetAddress reached) {
    stream
        .addLast(new Http2StreamFrameToHttpObjectCodec(true))
        .addLast(new RequestReader(refusal(reached), budget, maxBody, responder, watch));
  }

  private void grpc(ChannelPipeline stream, InetAddress reached) {
    stream.addLast(new GrpcCall(overGrpc, new Door.Side(door, reached), budget, workers, watch));
  }
}
