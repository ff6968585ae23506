package dev.serving.core.frontend.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads {@code messages} and {@code tools} into what chat templates expect. */
final class ChatParser {
  private static final int MAX_MESSAGES = 4096;
  private static final int MAX_PARTS = 1024;
  private static final int MAX_TOOLS = 256;
  private static final int MAX_DOCUMENTS = 1024;

  private ChatParser() {}

  static Prompt.Chat parse(Fields fields) {
    List<Map<String, Object>> messages =
        fields.list("messages", MAX_MESSAGES, e -> message(e.fields(), e.node()));
    fields.check(!messages.isEmpty(), "messages", "an array of at least one message");
    Map<String, Object> wishes = new LinkedHashMap<>();
    if (fields.node("documents") != null) {
      wishes.put("documents", fields.list("documents", MAX_DOCUMENTS, e -> plain(e)));
    }
    if (fields.text("reasoning_effort") != null) {
      wishes.put("reasoning_effort", fields.text("reasoning_effort"));
    }
    return new Prompt.Chat(
        messages,
        tools(fields),
        fields.flag("add_generation_prompt", true),
        fields.flag("add_special_tokens", false),
        wishes,
        fields.plainObject("chat_template_kwargs"));
  }

  private static Map<String, Object> plain(Fields.Element element) {
    element.fields();
    return Json.plain(element.node());
  }

  /**
   * The message as it came: what is absent, null or empty stays so, for templates tell these apart.
   * Only calls that are none are left out: OpenAI's clients dump {@code "tool_calls": null}, and
   * templates ask whether a message has the field.
   */
  private static Map<String, Object> message(Fields fields, JsonNode node) {
    fields.requiredText("role");
    fields.text("name");
    content(fields);
    Map<String, Object> message = new LinkedHashMap<>(Json.plain(node));
    if (fields.list("tool_calls", MAX_TOOLS, e -> toolCall(e.fields())).isEmpty()) {
      message.remove("tool_calls");
    }
    if (fields.node("function_call") == null) {
      message.remove("function_call");
    }
    return message;
  }

  private static void content(Fields fields) {
    JsonNode content = fields.node("content");
    fields.check(
        content == null || content.isString() || content.isArray(),
        "content",
        "a string, null or an array of parts");
    if (content != null && content.isArray()) {
      fields.list("content", MAX_PARTS, e -> part(e.fields()));
    }
  }

  private static String part(Fields part) {
    String type = part.requiredText("type");
    if (!type.equals("text")) {
      throw new ApiException(
          ApiError.unsupported(
              part.path("type"), "This model reads text only, not '" + type + "'."));
    }
    String text = part.text("text");
    part.check(text != null, "text", "a string");
    return text;
  }

  private static String toolCall(Fields call) {
    return call.object("function").requiredText("name");
  }

  private static List<Map<String, Object>> tools(Fields fields) {
    if (fields.node("tools") == null) {
      return null;
    }
    List<Map<String, Object>> tools =
        fields.list(
            "tools",
            MAX_TOOLS,
            e -> {
              e.fields().requiredText("type");
              return Json.plain(e.node());
            });
    JsonNode choice = fields.node("tool_choice");
    boolean none = choice != null && choice.isString() && choice.stringValue().equals("none");
    return none ? null : tools;
  }
}
