package dev.serving.core.message;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The listening end of a link: a ROUTER socket that several {@link Spoke}s connect to, through a
 * {@link Gate}.
 */
public final class Hub extends Link {
  private final Set<String> peers = new HashSet<>();
  private final Gate gate;

  private Hub(ZContext context, String inproc) {
    super(context, SocketType.ROUTER);
    socket.setRouterMandatory(true); // an unreachable peer is an answer, not silence
    if (inproc != null) {
      socket.bind("inproc://" + inproc);
    }
    gate = Gate.open(socket);
  }

  /**
   * Listens on a free loopback port.
   *
   * @param context the process's ZeroMQ context
   */
  public static Hub listen(ZContext context) {
    return new Hub(context, null);
  }

  /**
   * Listens on a free loopback port and, for threads of this process, under an inproc name.
   *
   * @param context the process's ZeroMQ context, which the threads must share
   * @param inproc the name
   */
  public static Hub listen(ZContext context, String inproc) {
    return new Hub(context, inproc);
  }

  /** Where spokes of other processes connect: {@code tcp://127.0.0.1:port}. */
  public String address() {
    return gate.getAddress();
  }

  /** Expects a peer of this identity; until then, it cannot connect. */
  public void expect(String peer) {
    peers.add(peer);
    gate.expect(peer);
  }

  /** Ignores a peer from now on. */
  public void forget(String peer) {
    peers.remove(peer);
    gate.forget(peer);
  }

  /**
   * Sends to a peer without blocking.
   *
   * @return false when the peer is not connected or has not read so many messages that the
   *     high-water mark is reached; the message is then not sent
   * @throws MessageException when the message is too large
   */
  public boolean send(String peer, Message message) {
    byte[] body = MessageCodec.encode(message);
    try {
      return socket.send(peer.getBytes(StandardCharsets.UTF_8), ZMQ.SNDMORE | ZMQ.DONTWAIT)
          && socket.send(body, ZMQ.DONTWAIT);
    } catch (ZMQException e) { // EHOSTUNREACH: no such peer
      return false;
    }
  }

  @Override
  Received read(byte[][] frames) {
    String peer = new String(frames[0], StandardCharsets.UTF_8);
    if (frames.length != 2 || !peers.contains(peer)) {
      return null;
    }
    Message message = decode(frames[1]);
    return message == null ? null : new Received(peer, message);
  }

  @Override
  long refused() {
    return gate.refused();
  }

  @Override
  void closed() {
    gate.close();
  }
}
