package dev.serving.core.message;

import dev.serving.core.fault.FatalError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * One worker's end of ZeroMQ connections, on which it sends and receives {@link Message}s.
 *
 * <p>Owned by the thread that uses it first; a JeroMQ socket must never be touched by another. Two
 * kinds: {@link Hub} listens and has several peers, {@link Spoke} connects to one hub.
 *
 * <p>A peer's name is its ZeroMQ identity. It holds 128 random bits that its parent gave it in
 * private, so no other local user can join or speak for it: a connection that does not begin with
 * the {@link Knock} of an identity that the hub expects is refused before ZeroMQ reads of it. What
 * comes under another identity after that is counted and ignored, and so is what is no message.
 */
public abstract sealed class Link implements AutoCloseable permits Hub, Spoke {
  /**
   * Messages that may wait in a socket for a slow peer. Requests are bounded by the engine's queue
   * long before; the mark is there so that a stuck peer cannot take the memory. A full socket
   * refuses the message ({@code send} says so), it never drops one.
   */
  static final int HIGH_WATER_MARK = 100_000;

  /** How long messages that were sent before a close may take to leave. */
  private static final int LAST_WORDS_MS = 500;

  private static final int MAX_FRAMES = 2;

  /**
   * JeroMQ 0.6 loses the read interest of a few in a hundred fresh connections (its pull request
   * 1022): connected, they stay silent until the handshake is given up and begun anew, by default
   * after half a minute.
   */
  private static final int HANDSHAKE_MS = 500;

  final ZMQ.Socket socket;
  private final AtomicLong ignored = new AtomicLong();

  Link(ZContext context, SocketType type) {
    socket = context.createSocket(type);
    SignalOrder.mend(socket.base());
    socket.setHandshakeIvl(HANDSHAKE_MS);
    socket.setLinger(LAST_WORDS_MS);
    socket.setSndHWM(HIGH_WATER_MARK);
    socket.setRcvHWM(HIGH_WATER_MARK);
    socket.setMaxMsgSize(MessageCodec.MAX_BYTES);
  }

  /**
   * A ZeroMQ context for the links of this process, which is told when one of its threads fails: an
   * I/O thread that has thrown may never look at its sockets again, and nobody would notice.
   */
  public static ZContext context() {
    ZContext context = new ZContext();
    context.setNotificationExceptionHandler((thread, cause) -> FatalError.report(cause));
    return context;
  }

  /**
   * Messages that were ignored because their sender or content was not valid, and connections that
   * were refused because nobody expected them. Any thread.
   */
  public final long ignored() {
    return ignored.get() + refused();
  }

  /** Connections that were refused. Any thread. */
  long refused() {
    return 0;
  }

  /** The next message if there is one. Never blocks, never throws on what arrives. */
  public final Optional<Received> receive() {
    for (byte[][] frames = frames(); frames != null; frames = frames()) {
      Received received = read(frames);
      if (received != null) {
        return Optional.of(received);
      }
      ignored.incrementAndGet();
    }
    return Optional.empty();
  }

  /** Turns one multipart message into a received one, or null when it is to be ignored. */
  abstract Received read(byte[][] frames);

  final Message decode(byte[] frame) {
    try {
      return MessageCodec.decode(frame);
    } catch (MessageException e) {
      System.getLogger(Link.class.getName())
          .log(System.Logger.Level.DEBUG, "ignored bytes that are no message", e);
      return null;
    }
  }

  private byte[][] frames() {
    byte[] first = socket.recv(ZMQ.DONTWAIT);
    if (first == null) {
      return null;
    }
    List<byte[]> frames = new ArrayList<>(2);
    frames.add(first);
    while (socket.hasReceiveMore()) {
      byte[] next = socket.recv();
      if (frames.size() <= MAX_FRAMES) { // one too many is enough to know that it is not ours
        frames.add(next);
      }
    }
    return frames.toArray(byte[][]::new);
  }

  @Override
  public final void close() {
    socket.close();
    closed();
  }

  /** The socket has been closed. */
  void closed() {}

  /**
   * A message and who sent it.
   *
   * @param peer the sender's identity at a hub; the empty string at a spoke
   * @param message what it said
   */
  public record Received(String peer, Message message) {}
}
