package dev.serving.core.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.zeromq.ZMQ;

/**
 * Waits until one of a thread's links has a message, or until another thread wakes it.
 *
 * <p>Owned by the thread that owns the links; only {@link #wakeup} may be called from others.
 *
 * <p>Not JeroMQ's own poller: who sends through JeroMQ writes a byte to a pipe, which wakes the
 * receiver, and counts the signal only then. Woken on the sender's core, the receiver takes it,
 * sees no signal, selects again, which returns at once, and so on, while the sender waits for the
 * core: until the receiver's time slice is over, some milliseconds, ten steps of a small model.
 * {@link SignalOrder} mends that where it knows JeroMQ's fields; this one does without: it asks the
 * sockets first, which takes no system call, and lets the sender have the core.
 */
public final class LinkPoll implements AutoCloseable {
  private final Link[] links;
  private final Selector selector;
  private final Pipe pipe;
  private final SelectionKey wakeups;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ByteBuffer drain = ByteBuffer.allocate(64);

  /** Waits on these links. */
  public LinkPoll(Link... links) {
    this.links = links.clone();
    try {
      selector = Selector.open();
      pipe = Pipe.open();
      pipe.source().configureBlocking(false);
      wakeups = pipe.source().register(selector, SelectionKey.OP_READ);
      for (Link link : links) {
        link.socket.getFD().register(selector, SelectionKey.OP_READ);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no pipe for waking a thread", e);
    }
  }

  /**
   * Waits until a link has a message, {@link #wakeup} is called, or time is up.
   *
   * @param millis longest wait; 0 only looks
   */
  public void await(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    boolean signalled = false;
    for (long left = millis; !isReady() && left > 0; ) {
      if (signalled) {
        Thread.yield(); // to whoever has written a signal and not yet counted it
      }
      signalled = select(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }

  private boolean isReady() {
    if (woken.get() || selector.selectedKeys().remove(wakeups)) {
      drain();
      return true;
    }
    for (Link link : links) {
      if ((link.socket.getEvents() & ZMQ.Poller.POLLIN) != 0) {
        return true;
      }
    }
    return false;
  }

  private boolean select(long millis) {
    try {
      selector.selectedKeys().clear();
      return selector.select(millis) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException("the links of a thread cannot be waited for", e);
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
    try {
      selector.close();
      pipe.source().close();
      pipe.sink().close();
    } catch (IOException e) {
      throw new UncheckedIOException("the pipe for waking a thread cannot be closed", e);
    }
  }
}
