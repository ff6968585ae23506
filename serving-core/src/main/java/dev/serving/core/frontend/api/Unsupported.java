package dev.serving.core.frontend.api;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What OpenAI's API has and this server does not: refused (422), for silence would be a lie. */
final class Unsupported {
  private Unsupported() {}

  static void refuse(Fields fields, Endpoint endpoint) {
    if (endpoint == Endpoint.CHAT) {
      chat(fields);
    } else {
      completion(fields);
    }
  }

  private static void chat(Fields fields) {
    String format = fields.object("response_format").text("type");
    refuseIf(
        format != null && !format.equals("text"),
        "response_format.type",
        "Only the response format 'text' is supported.");
    toolChoice(fields);
    refuseIf(
        fields.list("modalities", 8, Fields.Element::text).contains("audio"),
        "modalities",
        "This server generates text only.");
    refuseIf(
        fields.flag("continue_final_message"),
        "continue_final_message",
        "Continuing the last message is not supported.");
  }

  private static void toolChoice(Fields fields) {
    JsonNode choice = fields.node("tool_choice");
    fields.check(
        choice == null || choice.isString() || choice.isObject(),
        "tool_choice",
        "a string or an object");
    refuseIf(
        choice != null && !Set.of("auto", "none").contains(choice.asString("")),
        "tool_choice",
        "Only the tool choices 'auto' and 'none' are supported.");
  }

  private static void completion(Fields fields) {
    String suffix = fields.text("suffix");
    refuseIf(suffix != null && !suffix.isEmpty(), "suffix", "Suffixes are not supported.");
    Integer best = fields.integer("best_of", 1, RequestParser.MAX_CHOICES);
    Integer n = fields.integer("n", 1, RequestParser.MAX_CHOICES);
    refuseIf(
        best != null && best != (n == null ? 1 : n),
        "best_of",
        "Only a 'best_of' equal to 'n' is supported.");
    refuseIf(
        fields.flag("echo") && fields.node("logprobs") != null,
        "echo",
        "Log-probabilities of the prompt are not supported: leave out 'echo' or 'logprobs'.");
  }

  private static void refuseIf(boolean unsupported, String param, String message) {
    if (unsupported) {
      throw new ApiException(ApiError.unsupported(param, message));
    }
  }
}
