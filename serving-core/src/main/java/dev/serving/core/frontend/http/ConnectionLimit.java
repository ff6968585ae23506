package dev.serving.core.frontend.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/** Closes connections over the limit at once: whoever opens too many learns it by that. */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // closing needs no answer
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionLimit(int limit) {
    this.limit = limit;
  }

  int open() {
    return open.get();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (open.incrementAndGet() > limit) {
      context.close();
    } else {
      context.fireChannelActive();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    open.decrementAndGet();
    context.fireChannelInactive();
  }
}
