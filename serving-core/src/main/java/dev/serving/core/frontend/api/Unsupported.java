package dev.serving.core.frontend.api;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What is refused (422) not by a field's name alone but by what it says; {@link ApiField} has the
 * rest. Silence would be a lie.
 */
final class Unsupported {
  private Unsupported() {}

  static void refuse(Fields fields, Endpoint endpoint) {
    ApiField.refuse(fields, endpoint);
    Fields wanted = fields.object("response_format");
    String format = wanted.size() == 0 ? null : wanted.requiredText("type");
    refuseIf(
        format != null && !format.equals("text"),
        "response_format.type",
        "Only a 'response_format' of the type 'text' is supported.");
    refuseIf(
        fields.object("stream_options").flag("continuous_usage_stats"),
        "stream_options.continuous_usage_stats",
        "'continuous_usage_stats' is not supported: the usage comes in the last chunk only.");
    String side = fields.text("truncation_side");
    refuseIf(
        side != null && !side.equals("left"),
        "truncation_side",
        "Only a 'truncation_side' of 'left' is supported: the last tokens are kept.");
    refuseIf(
        fields.flag("stream") && fields.node("prompt_logprobs") != null,
        "prompt_logprobs",
        "'prompt_logprobs' is not supported with 'stream'.");
    if (endpoint == Endpoint.CHAT) {
      chat(fields);
    } else {
      completion(fields);
    }
  }

  private static void chat(Fields fields) {
    JsonNode choice = fields.node("tool_choice");
    fields.check(
        choice == null || choice.isString() || choice.isObject(),
        "tool_choice",
        "a string or an object");
    refuseIf(
        choice != null && !Set.of("auto", "none").contains(choice.asString("")),
        "tool_choice",
        "Only a 'tool_choice' of 'auto' or 'none' is supported.");
    refuseIf(
        !Set.of("text").containsAll(fields.list("modalities", 8, Fields.Element::text)),
        "modalities",
        "Only 'text' is supported in 'modalities'.");
  }

  private static void completion(Fields fields) {
    Integer best = fields.integer("best_of", 1, RequestParser.MAX_CHOICES);
    Integer n = fields.integer("n", 1, RequestParser.MAX_CHOICES);
    refuseIf(
        best != null && best != (n == null ? 1 : n),
        "best_of",
        "Only a 'best_of' equal to 'n' is supported.");
  }

  private static void refuseIf(boolean unsupported, String param, String message) {
    if (unsupported) {
      throw new ApiException(ApiError.unsupported(param, message));
    }
  }
}
