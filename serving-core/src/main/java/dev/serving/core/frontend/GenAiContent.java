package dev.serving.core.frontend;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Json;
import dev.serving.core.frontend.api.Piece;
import dev.serving.core.frontend.api.Prompt;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was said, as the conventions for generative AI write messages on a span: JSON. */
final class GenAiContent {
  private GenAiContent() {}

  /**
   * The messages of a request; a plain prompt is one of the user's.
   *
   * @param text gives the text of a prompt that is no conversation
   */
  static String input(GenerateRequest request, Function<Prompt, String> text) {
    return Json.text(
        request.prompts().stream().flatMap(prompt -> messages(prompt, text).stream()).toList());
  }

  private static List<Message> messages(Prompt prompt, Function<Prompt, String> text) {
    return prompt instanceof Prompt.Chat chat
        ? chat.messages().stream().map(GenAiContent::message).toList()
        : List.of(new Message("user", List.of(Part.of(text.apply(prompt))), null));
  }

  private static Message message(Map<String, Object> message) {
    Object content = message.get("content");
    List<Part> parts =
        content instanceof Collection<?> list
            ? list.stream().map(part -> Part.of(((Map<?, ?>) part).get("text"))).toList()
            : List.of(Part.of(content));
    return new Message(String.valueOf(message.get("role")), parts, null);
  }

  /** The messages of an answer, one for each choice. */
  static String output(List<Piece> choices) {
    return Json.text(
        choices.stream()
            .map(c -> new Message("assistant", List.of(Part.of(c.text())), c.finish()))
            .toList());
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Message(String role, List<Part> parts, String finishReason) {}

  private record Part(String type, String content) {
    static Part of(Object text) {
      return new Part("text", String.valueOf(text));
    }
  }
}
