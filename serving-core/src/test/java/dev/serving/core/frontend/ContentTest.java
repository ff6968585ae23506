package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.GenAiAttributes;
import dev.serving.trace.config.Redaction;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is said appears in a trace only where the operator opted in, and then without secrets. */
class ContentTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETION = "/v1/completions";

  private static Rig open(int maxChars) throws Exception {
    return Rig.traced(
            c ->
                c.content(
                    t ->
                        t.withCaptured(true).withMaxChars(maxChars).withRedaction(Redaction.all())))
        .ready();
  }

  private static String said(Rig rig, AttributeKey<String> key) {
    rig.spans(1);
    return rig.roots().get(0).getAttributes().get(key);
  }

  private static JsonNode json(String text) {
    return Rig.JSON.readTree(text);
  }

  @Test
  void byDefaultNoSpanHoldsWhatWasSaid() throws Exception {
    try (Rig rig = new Rig().ready()) {
      rig.post(CHAT, Rig.chatBody(", \"stream\": true"));
      List<SpanData> spans = rig.spans(1);
      assertThat(spans).isNotEmpty();
      assertThat(spans.toString())
          .doesNotContain("Hello from the engine")
          .doesNotContain("messages");
    }
  }

  @Test
  void aChatIsOnTheRootAsItsMessages() throws Exception {
    try (Rig rig = open(4096)) {
      rig.post(
          CHAT,
          """
          {"model": "demo", "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Write to ann@example.org"}]}]}
          """);
      JsonNode input = json(said(rig, GenAiAttributes.INPUT_MESSAGES));
      assertThat(input.at("/0/role").asString()).isEqualTo("system");
      assertThat(input.at("/0/parts/0/content").asString()).isEqualTo("Be brief.");
      assertThat(input.at("/1/parts/0/content").asString()).isEqualTo("Write to [redacted]");
      JsonNode output = json(said(rig, GenAiAttributes.OUTPUT_MESSAGES));
      assertThat(output.at("/0/role").asString()).isEqualTo("assistant");
      assertThat(output.at("/0/parts/0/content").asString()).isEqualTo(Rig.ANSWER);
      assertThat(output.at("/0/finish_reason").asString()).isEqualTo("stop");
      assertThat(rig.exporter.getFinishedSpanItems())
          .filteredOn(span -> !span.getName().startsWith("POST "))
          .allSatisfy(span -> assertThat(span.toString()).doesNotContain("Be brief"));
    }
  }

  @Test
  void aStreamIsKeptAsAWhole() throws Exception {
    try (Rig rig = open(4096)) {
      rig.post(
          COMPLETION,
          """
          {"model": "demo", "prompt": ["One", "Two"], "stream": true, "max_tokens": 99}""");
      JsonNode input = json(said(rig, GenAiAttributes.INPUT_MESSAGES));
      assertThat(input.at("/1/parts/0/content").asString()).isEqualTo("Two");
      JsonNode output = json(said(rig, GenAiAttributes.OUTPUT_MESSAGES));
      assertThat(output).hasSize(2);
      assertThat(output.at("/1/parts/0/content").asString()).isEqualTo(Rig.ANSWER);
    }
  }

  @Test
  void tokensAreWrittenAsText() throws Exception {
    try (Rig rig = open(4096)) {
      String prompt = rig.tokens("Once upon").toString();
      rig.post(COMPLETION, "{\"model\": \"demo\", \"prompt\": " + prompt + "}");
      assertThat(said(rig, GenAiAttributes.INPUT_MESSAGES)).contains("Once upon");
    }
  }

  @Test
  void whatIsLongIsCut() throws Exception {
    try (Rig rig = open(40)) {
      rig.post(COMPLETION, "{\"model\": \"demo\", \"prompt\": \"" + "word ".repeat(50) + "\"}");
      assertThat(said(rig, GenAiAttributes.INPUT_MESSAGES)).hasSize(40).startsWith("[{");
      assertThat(said(rig, GenAiAttributes.OUTPUT_MESSAGES)).hasSize(40);
    }
  }
}
