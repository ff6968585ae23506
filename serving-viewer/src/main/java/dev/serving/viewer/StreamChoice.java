package dev.serving.viewer;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import java.util.function.Consumer;

/**
 * Tells gRPC's calls from other requests over HTTP/2, by what each stream begins with. Over TLS a
 * browser speaks HTTP/2 with whoever can.
 */
final class StreamChoice extends ChannelInboundHandlerAdapter {
  private final Consumer<ChannelPipeline> grpc;
  private final Consumer<ChannelPipeline> http;

  StreamChoice(Consumer<ChannelPipeline> grpc, Consumer<ChannelPipeline> http) {
    this.grpc = grpc;
    this.http = http;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    boolean isHttp = frame instanceof Http2HeadersFrame head && !isGrpc(head.headers());
    (isHttp ? http : grpc).accept(ctx.pipeline());
    ctx.fireChannelRead(frame);
    ctx.pipeline().remove(this);
  }

  private static boolean isGrpc(Http2Headers head) {
    CharSequence type = head.get("content-type");
    return (type != null && type.toString().startsWith("application/grpc"))
        || GrpcReceiver.PATH.equals(String.valueOf(head.path()));
  }
}
