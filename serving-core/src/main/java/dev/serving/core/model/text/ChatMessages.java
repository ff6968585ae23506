package dev.serving.core.model.text;

import dev.serving.template.ChatTemplate;
import dev.serving.template.Literal;
import dev.serving.template.TemplateException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives messages of OpenAI's API to a template in the shape that it reads.
 *
 * @param joinsParts whether content parts are joined to one string, for a template that only reads
 *     strings
 * @param hearsDevelopers whether the template shows what a {@code developer} says; where it does
 *     not, that role has its older name, {@code system}
 */
record ChatMessages(boolean joinsParts, boolean hearsDevelopers) {
  /**
   * The API's own roles count as the template's words, for some templates make special tokens of
   * them: {@code '<|' + role + '|>'}.
   */
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  /**
   * Under these names messages hold what an assistant thought; the first is what templates read.
   */
  private static final List<String> THOUGHTS =
      List.of("reasoning_content", "thinking", "reasoning");

  private static final String PROBE = "Q1w2E3r4";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Finds out by rendering a message in parts which shape {@code template} reads. */
  static ChatMessages forTemplate(ChatTemplate template, Map<String, Literal> specials) {
    List<Object> parts = List.of(Map.of("type", "text", "text", PROBE));
    boolean joins =
        !reads(template, specials, "user", parts) && reads(template, specials, "user", PROBE);
    return new ChatMessages(joins, reads(template, specials, "developer", joins ? PROBE : parts));
  }

  private static boolean reads(
      ChatTemplate template, Map<String, Literal> specials, String role, Object content) {
    Map<String, Object> variables = new HashMap<>(specials);
    variables.put("messages", List.of(Map.of("role", new Literal(role), "content", content)));
    variables.put("tools", null);
    variables.put("add_generation_prompt", true);
    try {
      String prompt = template.render(variables);
      // A list that was written out as Python or JSON shows its keys.
      return prompt.contains(PROBE)
          && !prompt.contains("'text': '" + PROBE)
          && !prompt.contains("\"text\": \"" + PROBE);
    } catch (TemplateException e) {
      return false;
    }
  }

  List<Map<String, Object>> of(List<Map<String, Object>> messages) {
    return messages.stream().map(this::message).toList();
  }

  private Map<String, Object> message(Map<String, Object> given) {
    Map<String, Object> message = withThoughts(given);
    if (given.get("role") instanceof String role && ROLES.contains(role)) {
      boolean old = role.equals("developer") && !hearsDevelopers;
      message.put("role", new Literal(old ? "system" : role));
    }
    if (joinsParts && given.get("content") instanceof List<?> parts) {
      message.put("content", join(parts));
    }
    if (given.get("tool_calls") instanceof List<?> calls) {
      message.put("tool_calls", calls.stream().map(ChatMessages::toolCall).toList());
    }
    return message;
  }

  /**
   * As {@code transformers} does: what one name has, the names that templates read have as well.
   */
  private static Map<String, Object> withThoughts(Map<String, Object> given) {
    Map<String, Object> message = new LinkedHashMap<>(given);
    THOUGHTS.stream()
        .map(given::get)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            thought -> {
              message.clear();
              message.put("thinking", thought);
              message.putAll(given);
              message.put("reasoning_content", thought);
            });
    return message;
  }

  /**
   * Joins the texts of parts line by line; a template that only reads strings has no other parts.
   */
  private static String join(List<?> parts) {
    return parts.stream()
        .map(
            part ->
                part instanceof Map<?, ?> map && map.get("text") instanceof String text ? text : "")
        .collect(Collectors.joining("\n"));
  }

  /** The API has a call's arguments as a string of JSON, templates are written for the object. */
  private static Object toolCall(Object call) {
    if (!(call instanceof Map<?, ?> map)
        || !(map.get("function") instanceof Map<?, ?> function)
        || !(function.get("arguments") instanceof String arguments)) {
      return call;
    }
    Map<Object, Object> parsed = new LinkedHashMap<>(function);
    parsed.put("arguments", parse(arguments));
    Map<Object, Object> result = new LinkedHashMap<>(map);
    result.put("function", parsed);
    return result;
  }

  private static Object parse(String arguments) {
    try {
      Object value = JSON.readValue(arguments, Object.class);
      return value instanceof Map ? value : arguments;
    } catch (JacksonException e) {
      return arguments; // what is not JSON reaches the template as it was written
    }
  }
}
