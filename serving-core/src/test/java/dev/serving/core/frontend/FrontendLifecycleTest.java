package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.LifecycleFormat;
import dev.serving.core.lifecycle.LoggedLines;
import java.net.http.HttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the frontend logs of a request: its two stages, who asked, what came of it. */
class FrontendLifecycleTest {
  private static final String CHAT = "/v1/chat/completions";

  @Test
  void anAnsweredRequestAndARefusedOne() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        Rig rig = new Rig(c -> c.lifecycle(LifecycleFormat.TEXT)).ready()) {
      HttpResponse<String> answer = rig.post(CHAT, Rig.chatBody(", \"user\": \"ann\""));
      Awaitility.await().until(() -> logged.lines().size() == 4);
      String rid = answer.headers().firstValue("x-request-id").orElseThrow();
      String trace = answer.headers().firstValue("x-trace-id").orElseThrow();
      // the engine may have answered before its request's way to it was logged
      assertThat(logged.events(rid))
          .startsWith("PREPROCESSING_START")
          .endsWith("POSTPROCESSING_END")
          .contains("PREPROCESSING_END", "POSTPROCESSING_START")
          .hasSize(4);
      assertThat(logged.lines())
          .allMatch(line -> line.contains(trace) && line.contains("user_id=\"ann\""));
      assertThat(logged.lines().get(3)).contains("status=200", "finish_reasons=[\"stop\"]");

      rig.post(CHAT, "{}");
      Awaitility.await().until(() -> logged.lines().size() == 5);
      assertThat(logged.lines().get(4)).contains("REQUEST_END", "status=400");
    }
  }
}
