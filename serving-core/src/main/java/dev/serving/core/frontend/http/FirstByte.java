package dev.serving.core.frontend.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stamps the time at which a request's first byte is read, before anything looks at it. A trace
 * that began later would hide the time in which a slow client sends its request.
 */
final class FirstByte extends ChannelInboundHandlerAdapter {
  private final Runnable started;
  private boolean stamped;
  private long firstNanos;
  private long lastNanos;

  /** Calls back when a request starts. */
  FirstByte(Runnable started) {
    this.started = started;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    lastNanos = System.nanoTime();
    if (!stamped) {
      stamped = true;
      firstNanos = lastNanos;
      started.run();
    }
    context.fireChannelRead(message);
  }

  /** When the present request's first byte came. One that came along with its forerunner: then. */
  long nanos() {
    return stamped ? firstNanos : lastNanos;
  }

  /** The request is over; the next byte begins another. */
  void reset() {
    stamped = false;
  }
}
