package dev.serving.bench.trace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Accepts connections, and neither reads nor answers. */
final class SilentReceiver implements CountingReceiver {
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private ServerSocket server;

  @Override
  public String endpoint() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread acceptor = new Thread(this::accept, "silent-receiver");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  @Override
  public void stop() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      System.err.println("closing the silent receiver: " + e);
    }
  }

  @Override
  public long spans() {
    return 0;
  }

  private void accept() {
    try {
      while (true) {
        open.add(server.accept());
      }
    } catch (IOException e) {
      return;
    }
  }
}
