package dev.serving.core.frontend;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A client without manners: sends any bytes, reads or does not. */
final class RawClient implements AutoCloseable {
  private final Socket socket = new Socket();

  RawClient(URI server) throws IOException {
    this(server, 64 << 10);
  }

  RawClient(URI server, int receiveBuffer) throws IOException {
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
  }

  static String post(String path, String body, String... headers) {
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: x\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return request
        .append("Content-Type: application/json\r\nContent-Length: ")
        .append(bytes.length)
        .append("\r\n\r\n")
        .append(body)
        .toString();
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // The server has had enough; what it said is still to be read.
    }
    return this;
  }

  /** What comes until a text has come so often. */
  String readUntil(String text, int times) throws IOException {
    StringBuilder read = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (count(read.toString(), text) < times) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("closed after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  /** What comes until the server closes. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Waits for the next bytes, or the end. */
  void readSome() throws IOException {
    socket.setSoTimeout(500);
    socket.getInputStream().readNBytes(new byte[4096], 0, 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
