package dev.serving.core.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.zeromq.ZMQ;
import zmq.Options;
import zmq.SocketBase;
import zmq.io.IOObject;
import zmq.io.IOThread;
import zmq.io.SessionBase;
import zmq.io.StreamEngine;
import zmq.io.net.Listener;
import zmq.io.net.tcp.TcpUtils;
import zmq.pipe.Pipe;
import zmq.poll.Poller;

/**
 * Listens in ZeroMQ's stead, on a free loopback port: a connection that does not begin with the
 * {@link Knock} of an expected peer is reset before ZeroMQ has read a byte of it, so that no other
 * local user reaches its parsers and buffers. For each that waits it holds {@value Knock#LENGTH}
 * bytes, and it holds at most {@value #MOST_WAITING}, the newest.
 *
 * <p>Runs on an I/O thread of the socket's context, beside ZeroMQ's own listeners, and does what
 * they do when it lets somebody in. {@link #expect}, {@link #forget}, {@link #refused} and {@link
 * #close} may be called from any thread.
 */
final class Gate extends Listener {
  private static final System.Logger LOG = System.getLogger(Gate.class.getName());
  private static final int MOST_WAITING = 64;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private static final int LOOK = 1;
  private static final int LOOK_MS = 2;
  private static final int ACCEPT_AGAIN = 2;
  private static final int ACCEPT_AGAIN_MS = 100;
  private static final int END = 3;
  private static final int END_MS = 100;

  private final IOObject io;
  private final Set<ByteBuffer> knocks = ConcurrentHashMap.newKeySet();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ServerSocketChannel server;
  private final String address;
  private Poller.Handle handle;
  private boolean looking;
  private boolean closed;
  private int linger;
  private long loggedNanos = System.nanoTime() - LOG_NS;

  private Gate(IOThread thread, SocketBase socket, Options options) throws IOException {
    super(thread, socket, options);
    io = new IOObject(thread, this);
    server = ServerSocketChannel.open();
    server.configureBlocking(false);
    server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), options.backlog);
    address = "tcp://127.0.0.1:" + server.socket().getLocalPort();
  }

  /**
   * Listens for a ROUTER socket.
   *
   * @param socket whose messages come in; must be closed before the gate is
   * @throws UncheckedIOException when there is no free port
   */
  static Gate open(ZMQ.Socket socket) {
    try {
      Gate gate = new Gate(IoThreads.of(socket.base()), socket.base(), options(socket));
      gate.sendPlug(gate);
      return gate;
    } catch (IOException e) {
      throw new UncheckedIOException("no port of 127.0.0.1 to listen on", e);
    }
  }

  /** What the socket's own options say of connections; those are not to be had from outside. */
  private static Options options(ZMQ.Socket socket) {
    Options options = new Options();
    options.type = zmq.ZMQ.ZMQ_ROUTER;
    options.recvIdentity = true;
    options.linger = socket.getLinger();
    options.sendHwm = socket.getSndHWM();
    options.recvHwm = socket.getRcvHWM();
    options.maxMsgSize = socket.getMaxMsgSize();
    options.handshakeIvl = socket.getHandshakeIvl();
    return options;
  }

  /** Lets a peer in from now on. */
  void expect(String peer) {
    knocks.add(Knock.of(peer));
  }

  /** Lets a peer in no more; a connection that it has stays. */
  void forget(String peer) {
    knocks.remove(Knock.of(peer));
  }

  /** Connections that were closed because they did not begin as they should. */
  long refused() {
    return refused.get();
  }

  @Override
  public String getAddress() {
    return address;
  }

  @Override
  public boolean setAddress(String other) {
    return false; // it has had one from the beginning
  }

  @Override
  protected void processPlug() {
    io.plug();
    handle = io.addFd(server);
    io.setPollAccept(handle);
  }

  @Override
  public void acceptEvent() {
    try {
      SocketChannel channel = server.accept();
      if (channel != null) {
        channel.configureBlocking(false);
        TcpUtils.tuneTcpSocket(channel);
        await(new Waiting(channel));
      }
    } catch (IOException | RuntimeException e) { // no file descriptor left: it stays readable
      io.removeHandle(handle);
      handle = null;
      io.addTimer(ACCEPT_AGAIN_MS, ACCEPT_AGAIN);
    }
  }

  private void await(Waiting peer) {
    if (peer.looksSettled()) {
      return;
    }
    waiting.add(peer);
    if (waiting.size() > MOST_WAITING) {
      refuse(waiting.remove());
    }
    look();
  }

  /**
   * Looks again soon. Registered with the poller they would be heard at once; but JeroMQ's poller
   * may lose what was registered for a channel when that channel changes hands.
   */
  private void look() {
    if (!looking && !waiting.isEmpty()) {
      looking = true;
      io.addTimer(LOOK_MS, LOOK);
    }
  }

  /** Must not throw: here that would end the I/O thread. */
  @Override
  public void timerEvent(int id) {
    if (id == LOOK) {
      looking = false;
      waiting.removeIf(Waiting::looksSettled);
      look();
    } else if (id == ACCEPT_AGAIN && !closed) {
      processPlug();
    } else if (id == END) {
      super.processTerm(linger);
    }
  }

  private void admit(SocketChannel channel) {
    StreamEngine engine = new StreamEngine(channel, options, address);
    SessionBase session = new Admitted(chooseIoThread(options.affinity), socket, options);
    session.incSeqnum();
    launchChild(session);
    sendAttach(session, engine, false);
  }

  private void refuse(Waiting peer) {
    long count = refused.incrementAndGet(); // first: whoever is reset may ask for it
    peer.reset();
    long now = System.nanoTime();
    if (now - loggedNanos >= LOG_NS) {
      loggedNanos = now;
      LOG.log(
          System.Logger.Level.WARNING,
          "somebody who is not one of ours connected to {0}: refused, {1} so far",
          address,
          count);
    }
  }

  /** Lets nobody in any more, and lets go of who is in; what the socket sent may still leave. */
  void close() {
    if (!asked.getAndSet(true)) {
      sendTerm(this, options.linger);
    }
  }

  /** The socket lets go of its peers first: who is asked to end before loses what it was sent. */
  @Override
  protected void processTerm(int patience) {
    closed = true;
    linger = patience;
    if (handle != null) {
      io.removeHandle(handle);
      handle = null;
    }
    waiting.forEach(Waiting::reset);
    waiting.clear();
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "port of " + address + " cannot be closed", e);
    }
    io.addTimer(END_MS, END);
  }

  @Override
  public void destroy() {
    io.unplug();
  }

  /** A connection that has not knocked yet. */
  private final class Waiting {
    private final SocketChannel channel;
    private final ByteBuffer knock = ByteBuffer.allocate(Knock.LENGTH);
    private final long since = System.nanoTime();

    Waiting(SocketChannel channel) {
      this.channel = channel;
    }

    /** Whether it is let in or refused by now. */
    boolean looksSettled() {
      try {
        boolean ended = channel.read(knock) < 0;
        if (!ended && knock.hasRemaining() && System.nanoTime() - since < PATIENCE_NS) {
          return false;
        }
        if (!knock.hasRemaining() && knocks.contains(knock.flip())) {
          admit(channel);
        } else {
          refuse(this);
        }
      } catch (IOException | RuntimeException e) { // it is gone
        refuse(this);
      }
      return true;
    }

    /** Closes without the wait that a polite end has. */
    void reset() {
      try (channel) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "a connection was gone already", e);
      }
    }
  }

  /** A peer's session: ends with its pipe, which the socket closes. */
  private static final class Admitted extends SessionBase {
    Admitted(IOThread thread, SocketBase socket, Options options) {
      super(thread, false, socket, options, null);
    }

    @Override
    public void pipeTerminated(Pipe pipe) {
      super.pipeTerminated(pipe);
      terminate();
    }
  }
}
