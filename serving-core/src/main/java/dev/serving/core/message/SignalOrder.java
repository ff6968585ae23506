package dev.serving.core.message;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.atomic.AtomicLong;
import zmq.Mailbox;
import zmq.SocketBase;

/**
 * Has a thread of JeroMQ's count a signal before it wakes who asks for the count.
 *
 * <p>JeroMQ 0.6 writes a byte to the pipe that wakes the receiver, and adds one to a counter
 * afterwards. The receiver that is woken on the sender's core takes it, sees a byte and no count,
 * and asks again and again until its time slice is over, some milliseconds, in which the sender
 * cannot count.
 *
 * <p>What is changed are private fields of JeroMQ. Where another release has none of these names,
 * nothing is, and threads wait as JeroMQ has them wait.
 */
final class SignalOrder {
  private SignalOrder() {}

  /** Mends what wakes a socket's thread and its context's I/O thread. The socket's thread. */
  static void mend(SocketBase socket) {
    try {
      mend(IoThreads.of(socket).getMailbox());
      mend((Mailbox) field(SocketBase.class, "mailbox").get(socket));
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger(SignalOrder.class.getName())
          .log(System.Logger.Level.DEBUG, "JeroMQ's signals are left as they are", e);
    }
  }

  /** Mends what wakes the owner of a mailbox; the second time nothing more. */
  static void mend(Mailbox mailbox) throws ReflectiveOperationException {
    Object signaler = field(Mailbox.class, "signaler").get(mailbox);
    Field sink = field(signaler.getClass(), "w");
    AtomicLong count = (AtomicLong) field(signaler.getClass(), "wcursor").get(signaler);
    if (!(sink.get(signaler) instanceof Early)) {
      sink.set(signaler, new Early((Pipe.SinkChannel) sink.get(signaler), count));
    }
  }

  static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** Counts a byte while it is written, for as long as JeroMQ has not counted it. */
  private static final class Early extends Sink {
    private final AtomicLong count;

    Early(Pipe.SinkChannel sink, AtomicLong count) {
      super(sink);
      this.count = count;
    }

    @Override
    public int write(ByteBuffer signal) throws IOException {
      count.getAndIncrement();
      try {
        return super.write(signal);
      } finally {
        count.getAndDecrement(); // JeroMQ counts it now
      }
    }
  }

  /** A pipe's end before another. */
  static class Sink extends Pipe.SinkChannel {
    private final Pipe.SinkChannel sink;

    Sink(Pipe.SinkChannel sink) {
      super(sink.provider());
      this.sink = sink;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return sink.write(bytes);
    }

    @Override
    public long write(ByteBuffer[] bytes, int from, int length) throws IOException {
      return sink.write(bytes, from, length);
    }

    @Override
    public long write(ByteBuffer[] bytes) throws IOException {
      return sink.write(bytes);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
      sink.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
      sink.configureBlocking(block);
    }
  }
}
