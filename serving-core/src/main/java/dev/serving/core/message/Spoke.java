package dev.serving.core.message;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** The connecting end of a link: a DEALER socket that speaks to one {@link Hub}. */
public final class Spoke extends Link {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Spoke(ZContext context, String address, String identity) {
    super(context, SocketType.DEALER);
    socket.setIdentity(identity.getBytes(StandardCharsets.UTF_8));
    Knock.before(socket, identity);
    socket.connect(address);
  }

  /**
   * Connects to a hub; what is sent before the connection stands waits in the socket.
   *
   * @param context the process's ZeroMQ context
   * @param address the hub's address, {@code tcp://…} or {@code inproc://…}
   * @param identity the identity that the hub expects, from {@link #identity}
   */
  public static Spoke connect(ZContext context, String address, String identity) {
    return new Spoke(context, address, identity);
  }

  /**
   * A new identity that cannot be guessed.
   *
   * @param name what it begins with, for logs
   */
  public static String identity(String name) {
    byte[] secret = new byte[16];
    RANDOM.nextBytes(secret);
    return name + "-" + HexFormat.of().formatHex(secret);
  }

  /**
   * Sends to the hub without blocking.
   *
   * @return false when the high-water mark is reached; the message is then not sent
   * @throws MessageException when the message is too large
   */
  public boolean send(Message message) {
    return socket.send(MessageCodec.encode(message), ZMQ.DONTWAIT);
  }

  @Override
  Received read(byte[][] frames) {
    Message message = frames.length == 1 ? decode(frames[0]) : null;
    return message == null ? null : new Received("", message);
  }
}
