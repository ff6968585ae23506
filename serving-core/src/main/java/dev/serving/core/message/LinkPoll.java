package dev.serving.core.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.atomic.AtomicBoolean;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Waits until one of a thread's links has a message, or until another thread wakes it.
 *
 * <p>Owned by the thread that owns the links; only {@link #wakeup} may be called from others.
 */
public final class LinkPoll implements AutoCloseable {
  private final ZMQ.Poller poller;
  private final Pipe pipe;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ByteBuffer drain = ByteBuffer.allocate(64);

  /** Waits on these links. */
  public LinkPoll(ZContext context, Link... links) {
    poller = context.createPoller(links.length + 1);
    try {
      pipe = Pipe.open();
      pipe.source().configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException("no pipe for waking a thread", e);
    }
    poller.register(pipe.source(), ZMQ.Poller.POLLIN);
    for (Link link : links) {
      poller.register(link.socket, ZMQ.Poller.POLLIN);
    }
  }

  /**
   * Waits until a link has a message, {@link #wakeup} is called, or time is up.
   *
   * @param millis longest wait; 0 only looks
   */
  public void await(long millis) {
    poller.poll(millis);
    if (poller.pollin(0)) {
      drain();
    }
  }

  private void drain() {
    drain.clear();
    try {
      pipe.source().read(drain);
    } catch (IOException e) {
      throw new UncheckedIOException("the pipe for waking a thread is broken", e);
    }
    woken.set(false); // after reading: whoever comes between is seen by the owner, who is awake
  }

  /** Makes the owner's present or next {@link #await} return at once. Any thread; never blocks. */
  public void wakeup() {
    if (!woken.getAndSet(true)) {
      try {
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
      } catch (IOException e) {
        // Closed: the owner is gone and nobody waits.
      }
    }
  }

  @Override
  public void close() {
    poller.close();
    try {
      pipe.source().close();
      pipe.sink().close();
    } catch (IOException e) {
      throw new UncheckedIOException("the pipe for waking a thread cannot be closed", e);
    }
  }
}
