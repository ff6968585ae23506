package dev.serving.core.frontend.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.management.ManagementFactory;

/**
 * The open files that the system lets a process have, of which each connection is one. At the
 * listening socket it says in a line that a connection could not be accepted for want of one; Netty
 * waits a second then. Used by one event loop.
 */
final class OpenFiles extends ChannelInboundHandlerAdapter {
  /** For children's pipes, links and what is read now and then. */
  private static final int KEPT = 64;

  private static final long WARN_NANOS = 60_000_000_000L;

  private long warned = System.nanoTime() - WARN_NANOS;

  /** How many more there may be now, but for some that are kept. */
  static long left() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - KEPT
        : Integer.MAX_VALUE;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (System.nanoTime() - warned > WARN_NANOS) {
      warned = System.nanoTime();
      System.getLogger(OpenFiles.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "a connection cannot be accepted: {0}",
              cause.getMessage());
    }
  }
}
