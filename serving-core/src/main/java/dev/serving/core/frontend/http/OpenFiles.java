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
  private static final int KEPT = 40;

  /** With fewer connections than these one client keeps all others out. */
  private static final int FEW = 16;

  private static final long WARN_NANOS = 60_000_000_000L;

  private long warned = System.nanoTime() - WARN_NANOS;

  /**
   * How many of so many connections there may be beside those that are open and some that are kept.
   *
   * @throws IllegalArgumentException when there may be next to none, with what to do
   */
  static int places(long wanted) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? places(wanted, unix.getOpenFileDescriptorCount(), unix.getMaxFileDescriptorCount())
        : (int) wanted;
  }

  /** As {@link #places} does, for a few connections. */
  static void check() {
    int unused = places(FEW);
  }

  private static int places(long wanted, long open, long most) {
    long others = open + KEPT + Places.RESERVED;
    long least = others + Math.min(wanted, FEW);
    if (most < least) {
      throw new IllegalArgumentException(
          "the limit of open files is %d, and a server of a few connections needs %d: raise it (ulimit -n)"
              .formatted(most, least));
    }
    return (int) Math.min(wanted, most - others);
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
