package dev.serving.viewer;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * All connections of a viewer, of which there are so many at most: the one that has said nothing
 * for longest makes way for a newcomer. Any event loop.
 */
@Sharable
final class Crowd extends ChannelInboundHandlerAdapter {
  /** What a half-read head may take, times this, is a part of a small heap. */
  static final int MOST = 512;

  /** Open files for what is not a connection. */
  private static final int KEPT_FILES = 64;

  private final Set<Channel> longestSilentFirst = new LinkedHashSet<>();
  private final int most = (int) Math.max(1, Math.min(MOST, freeFiles() - KEPT_FILES));

  private static long freeFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()
        : Integer.MAX_VALUE;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel silent = enter(ctx.channel());
    if (silent != null) {
      silent.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    enter(ctx.channel());
    ctx.fireChannelRead(bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave(ctx.channel());
    ctx.fireChannelInactive();
  }

  /** Is the last that has said something; returns who has to go, or null. */
  private synchronized Channel enter(Channel channel) {
    longestSilentFirst.remove(channel);
    longestSilentFirst.add(channel);
    if (longestSilentFirst.size() <= most) {
      return null;
    }
    Iterator<Channel> first = longestSilentFirst.iterator();
    Channel silent = first.next();
    first.remove();
    return silent;
  }

  private synchronized void leave(Channel channel) {
    longestSilentFirst.remove(channel);
  }
}
