package dev.serving.viewer;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The last step of a connection that carries several calls: what none of them caught ends it. */
final class Watched extends ChannelInboundHandlerAdapter {
  private final ErrorWatch watch;

  Watched(ErrorWatch watch) {
    this.watch = watch;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    watch.see(cause);
    ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }
}
