package dev.serving.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** This shows load on a server that closes connections just when they are used again. */
final class KeptConnectionTest {
  private static final String ANSWER =
      "data: {\"choices\": [{\"text\": \"a\"}], \"data\": [{\"id\": \"m\"}],"
          + " \"usage\": {\"prompt_tokens\": 5, \"completion_tokens\": 1}}\n\ndata: [DONE]\n\n";

  @Test
  void aRequestThatFoundItsConnectionClosedIsAskedAgain() throws Exception {
    StringWriter out = new StringWriter();
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> serve(listening), "closes");
      server.setDaemon(true);
      server.start();
      String url = "http://127.0.0.1:" + listening.getLocalPort();
      String[] words = {
        "bench", "--url", url, "--max-concurrency", "1", "--num-prompts", "6", "--model", "m"
      };
      CommandLine command = ServingCommand.parserOf(words);
      command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
      assertThat(command.execute(words)).as(out.toString()).isZero();
    }
    assertThat(out.toString())
        .containsPattern("Successful requests +6\\n")
        .containsPattern("Failed requests +0\\n");
  }

  /** Answers the first request of each connection, and none of the second. */
  private static void serve(ServerSocket listening) {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept()) {
        boolean streamed = read(socket.getInputStream()).contains("\"stream\"");
        String body = streamed ? ANSWER : ANSWER.substring(6, ANSWER.indexOf('\n'));
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(ISO_8859_1));
        String unanswered = read(socket.getInputStream());
        System.out.println("closes on " + unanswered.lines().findFirst().orElse("nothing"));
      } catch (IOException e) {
        return; // the test is over
      }
    }
  }

  private static String read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    int length = -1;
    for (int c = in.read(); c >= 0; c = in.read()) {
      text.append((char) c);
      int end = text.indexOf("\r\n\r\n");
      if (end > 0 && length < 0) {
        length = end + 4 + contentLength(text.substring(0, end));
      }
      if (text.length() == length) {
        return text.toString();
      }
    }
    return text.toString();
  }

  private static int contentLength(String head) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }
}
