package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.api.Prompt;
import dev.serving.core.frontend.api.RequestParser;
import dev.serving.core.model.text.ChatPrompt;
import dev.serving.core.model.text.Tokenizer;
import dev.serving.template.TemplateException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows that a template gets a client's message as it came, from the request's bytes to the
 * prompt: the right texts are those of {@code transformers}, by {@code
 * tools/parity/message_golden.py}.
 */
class MessagesTest {
  private static final Golden GOLDEN =
      JsonMapper.shared().readValue(resource("messages.json"), Golden.class);

  @TempDir Path directory;

  record Golden(
      Map<String, String> templates,
      List<List<Map<String, Object>>> conversations,
      Map<String, List<String>> texts) {}

  static Stream<String> templates() {
    return GOLDEN.templates().keySet().stream();
  }

  private static Path resource(String name) {
    try {
      return Path.of(MessagesTest.class.getResource("/text/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void whatIsAbsentNullOrEmptyStaysSo(String name) throws IOException {
    Files.copy(resource("byte-level/tokenizer.json"), directory.resolve("tokenizer.json"));
    Files.writeString(directory.resolve("chat_template.jinja"), GOLDEN.templates().get(name));
    try (Tokenizer tokenizer = Tokenizer.open(directory)) {
      ChatPrompt prompt = ChatPrompt.open(directory, tokenizer);
      List<String> texts = GOLDEN.texts().get(name);
      for (int i = 0; i < texts.size(); i++) {
        check(tokenizer, prompt, GOLDEN.conversations().get(i), texts.get(i));
      }
    }
  }

  private static void check(
      Tokenizer tokenizer, ChatPrompt prompt, List<Map<String, Object>> messages, String text) {
    byte[] body = JsonMapper.shared().writeValueAsBytes(Map.of("messages", messages));
    Prompt.Chat chat = (Prompt.Chat) RequestParser.parse(Endpoint.CHAT, body, "m").prompts().get(0);
    String asked = new String(body, StandardCharsets.UTF_8);
    if (text == null) {
      assertThatThrownBy(() -> render(prompt, chat))
          .as(asked)
          .isInstanceOf(TemplateException.class);
    } else {
      assertThat(tokenizer.decode(render(prompt, chat), true)).as(asked).isEqualTo(text);
    }
  }

  private static int[] render(ChatPrompt prompt, Prompt.Chat chat) {
    return prompt.render(chat.messages(), chat.tools(), false, Map.of());
  }
}
