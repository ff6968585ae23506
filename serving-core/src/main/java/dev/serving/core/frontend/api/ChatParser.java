package dev.serving.core.frontend.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads {@code messages} and {@code tools} into what chat templates expect. */
final class ChatParser {
  private static final int MAX_MESSAGES = 4096;
  private static final int MAX_PARTS = 1024;
  private static final int MAX_TOOLS = 256;
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private ChatParser() {}

  static Prompt.Chat parse(Fields fields) {
    List<Map<String, Object>> messages =
        fields.list("messages", MAX_MESSAGES, e -> message(e.fields(), e.node()));
    fields.check(!messages.isEmpty(), "messages", "an array of at least one message");
    return new Prompt.Chat(
        messages,
        tools(fields),
        fields.flag("add_generation_prompt", true),
        fields.plainObject("chat_template_kwargs"));
  }

  private static Map<String, Object> message(Fields fields, JsonNode node) {
    String role = fields.requiredText("role");
    fields.check(ROLES.contains(role), "role", "one of " + ROLES.stream().sorted().toList());
    fields.text("name");
    Map<String, Object> message = new HashMap<>(Json.plain(node));
    message.put("role", role.equals("developer") ? "system" : role); // templates know the old name
    if (content(fields, role) == null) {
      message.put("content", ""); // where a template does not expect None it would spell it
    }
    fields.list("tool_calls", MAX_TOOLS, e -> toolCall(e.fields()));
    return message;
  }

  private static JsonNode content(Fields fields, String role) {
    JsonNode content = fields.node("content");
    boolean text = content == null ? role.equals("assistant") : content.isString();
    fields.check(
        text || (content != null && content.isArray()), "content", "a string or an array of parts");
    if (!text) {
      fields.list("content", MAX_PARTS, e -> part(e.fields()));
    }
    return content;
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
    Fields function = call.object("function");
    function.text("arguments");
    return function.requiredText("name");
  }

  private static List<Map<String, Object>> tools(Fields fields) {
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
    return none ? List.of() : tools;
  }
}
