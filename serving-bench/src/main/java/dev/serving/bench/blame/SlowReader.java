package dev.serving.bench.blame;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that lets its answer wait for a while before it reads on. */
final class SlowReader {
  private static final Pattern ID = Pattern.compile("(?i)x-request-id: (\\S+)");

  /**
   * Less than the answer, and not less than two packets of a loopback: into a smaller one its
   * sender puts some bytes five times a second, and the machine is slower than the reader.
   */
  private static final int WINDOW = 1 << 16;

  private static final int WAIT_MS = 2500;

  private SlowReader() {}

  /** Asks, reads the head, does nothing for a while, reads the rest; the request's id. */
  static String ask(URI server, String json) throws IOException, InterruptedException {
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(WINDOW); // what the machine takes for a client is not read late
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
      OutputStream out = socket.getOutputStream();
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      String head =
          "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      InputStream in = socket.getInputStream();
      String begin = new String(in.readNBytes(700), StandardCharsets.ISO_8859_1);
      Thread.sleep(WAIT_MS);
      in.readAllBytes();
      Matcher id = ID.matcher(begin);
      if (!id.find()) {
        throw new IOException("an answer without an id: " + begin);
      }
      return id.group(1);
    }
  }
}
