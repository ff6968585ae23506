package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static dev.serving.core.engine.Demo.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.MalformedMessages;
import dev.serving.core.worker.RankPlace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Ten thousand messages that are none, sent to the socket that ranks speak to by a process that
 * came in as one of them.
 */
final class MalformedRanksTest {
  private static final int MESSAGES = 10_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void areCountedAndIgnoredAlsoWhileTheRanksWork() {
    AtomicReference<RankPlace> place = new AtomicReference<>();
    RankMain.Launcher ranks = new RankMain.Launcher();
    RankLauncher launcher =
        given -> {
          place.set(given);
          return ranks.start(given);
        };
    try (TestFrontend frontend = TestFrontend.start(Demo.config(2), launcher).ready();
        ZContext context = new ZContext()) {
      frontend.send(request("during", prompt(1, 20), 100));
      flood(MalformedMessages.impostors(context, place.get().address(), place.get().identity()));
      frontend.until(SOON, () -> ignored(frontend) == MESSAGES);
      frontend.send(request("after", prompt(2, 20), 10));
      frontend.untilEnded("during", "after");
      assertThat(frontend.tokens("during")).hasSize(100);
      assertThat(frontend.tokens("after")).hasSize(10);
    }
  }

  private static void flood(List<ZMQ.Socket> impostors) {
    MalformedMessages malformed = new MalformedMessages(11);
    for (int i = 0; i < MESSAGES; i++) {
      malformed.send(impostors.get(i % impostors.size()));
    }
  }

  private static long ignored(TestFrontend frontend) {
    return frontend.heard.stream()
        .filter(EngineReport.class::isInstance)
        .mapToLong(report -> ((EngineReport) report).ignored())
        .max()
        .orElse(0);
  }
}
