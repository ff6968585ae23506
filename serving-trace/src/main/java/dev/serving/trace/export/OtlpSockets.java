package dev.serving.trace.export;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * The sockets of one client, which OkHttp connects, and wraps in TLS if it is to be. They send what
 * they are given at once, read no more than a bound for each request, and can all be closed
 * whatever is being done with them. For any thread.
 */
final class OtlpSockets extends SocketFactory {
  /** More than any answer needs, with headers, frames and TLS; endless ones end here. */
  private static final long MAX_BYTES = 256 << 10;

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicLong received = new AtomicLong();

  @Override
  public Socket createSocket() throws IOException {
    open.removeIf(Socket::isClosed);
    Socket socket = new Bounded();
    // Else the end of a request waits for the acknowledgement of its start, 40 ms later.
    socket.setTcpNoDelay(true);
    open.add(socket);
    made.incrementAndGet();
    return socket;
  }

  /** How many sockets there have been. */
  int made() {
    return made.get();
  }

  /** Allows the peer to send as much as an answer may take. */
  void expectAnswer() {
    received.set(0);
  }

  /** Ends all connections, also while other threads open or use them, which then fail. */
  void hangUp() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no more use, closed or not.
        System.getLogger("dev.serving.trace").log(System.Logger.Level.DEBUG, "closing", e);
      }
    }
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw connected();
  }

  private static UnsupportedOperationException connected() {
    return new UnsupportedOperationException("OkHttp connects sockets itself");
  }

  private final class Bounded extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int one = super.read();
          count(one < 0 ? 0 : 1);
          return one;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          int some = super.read(bytes, from, length);
          count(Math.max(0, some));
          return some;
        }
      };
    }

    private void count(int bytes) throws IOException {
      if (received.addAndGet(bytes) > MAX_BYTES) {
        throw new IOException("the answer is longer than " + MAX_BYTES + " bytes");
      }
    }
  }
}
