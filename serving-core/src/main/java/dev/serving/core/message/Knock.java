package dev.serving.core.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.zeromq.ZMQ;

/**
 * What a {@link Spoke} sends over a fresh connection before its first byte of ZeroMQ's protocol: a
 * digest of its identity, so that a {@link Gate} lets in only who was told one in private. Any
 * thread.
 */
final class Knock {
  /** Bytes of a knock. */
  static final int LENGTH = 32;

  private static final String PURPOSE = "dev.serving link 1 ";

  private Knock() {}

  /** The knock of this identity, of {@link #LENGTH} bytes. */
  static ByteBuffer of(String identity) {
    try {
      byte[] text = (PURPOSE + identity).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Has a socket knock on each connection it makes. To be called before it connects. */
  static void before(ZMQ.Socket socket, String identity) {
    ByteBuffer knock = of(identity).asReadOnlyBuffer();
    // The hook runs on the I/O thread, when the connection stands and nothing was written to it.
    socket
        .base()
        .setEventHook(
            event -> knock((SocketChannel) event.arg, knock.duplicate()),
            zmq.ZMQ.ZMQ_EVENT_CONNECTED);
  }

  private static void knock(SocketChannel channel, ByteBuffer knock) {
    try {
      channel.write(knock); // fits into any send buffer that is empty
    } catch (IOException e) {
      // It was closed by the other side; ZeroMQ notices, and connects anew.
    }
  }
}
