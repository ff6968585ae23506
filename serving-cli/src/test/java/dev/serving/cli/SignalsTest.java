package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What signals do beyond a clean end. */
class SignalsTest {
  /** Streamed, since the first signal must find it in the middle; what comes after takes long. */
  private static final String ENDLESS =
      "\"stream\": true, \"ignore_eos\": true, \"max_tokens\": 460, \"n\": 32";

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    try (ServingProcess serving = ServingProcess.serve("--max-num-seqs", "1")) {
      AnswerStream stream = AnswerStream.ask(serving.uri(), ENDLESS);
      await().atMost(Duration.ofSeconds(60)).until(() -> !stream.text().isEmpty());
      serving.process().destroy();
      await().atMost(Duration.ofSeconds(30)).until(() -> refuses(serving.uri()));
      serving.process().destroy();
      assertThat(serving.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(serving.process().exitValue()).isEqualTo(143);
    }
  }

  private static boolean refuses(URI uri) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 1000);
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
