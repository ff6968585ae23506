package dev.serving.core.frontend.api;

import static dev.serving.core.frontend.api.ApiField.Treatment.REFUSED;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/**
 * A field that a request for text may have, and what becomes of it: the one list that parser and
 * {@code docs/api.md} are made from.
 *
 * @param name its name in the body
 * @param where which endpoints have it
 * @param treatment what becomes of it
 * @param neutral for a refused field, a value as JSON that asks for nothing, beside null, false and
 *     what is empty, or several joined by {@code or}; else null
 * @param why what it does, why it is refused, or why nothing comes of it
 */
record ApiField(String name, Where where, Treatment treatment, String neutral, String why) {
  /** Which endpoints have a field. */
  enum Where {
    BOTH,
    CHAT,
    COMPLETION;

    boolean includes(Endpoint endpoint) {
      return this == BOTH || (this == CHAT) == (endpoint == Endpoint.CHAT);
    }
  }

  /** What becomes of a field. */
  enum Treatment {
    /** It does what it says; a value that cannot be is refused (400). */
    OBEYED,
    /** A request that has it gets 422, for an answer without it would be another. */
    REFUSED,
    /** It is taken, whatever it is, and no answer depends on it. */
    IGNORED
  }

  /** As {@code neutral}: false and what is empty ask for something, too. */
  static final String ONLY_NULL = "null";

  /** Between several neutral values. */
  private static final String OR = " or ";

  /** Every field that is known; any other is taken and ignored, as OpenAI's older servers do. */
  static final List<ApiField> ALL =
      Stream.of(CommonField.ALL, ForeignField.ALL).flatMap(List::stream).toList();

  /** Refuses (422), by its name, a field that asks for what this server does not do. */
  static void refuse(Fields fields, Endpoint endpoint) {
    for (ApiField field : ALL) {
      if (field.treatment == REFUSED
          && field.where.includes(endpoint)
          && field.isRefused(fields.node(field.name))) {
        throw new ApiException(
            ApiError.unsupported(
                field.name, "'" + field.name + "' is not supported. " + field.why + "."));
      }
    }
  }

  private boolean isRefused(JsonNode value) {
    if (ONLY_NULL.equals(neutral)) {
      return value != null;
    }
    boolean off = "true".equals(neutral) && BooleanNode.FALSE.equals(value);
    return off || (asks(value) && !isNeutral(text(value)));
  }

  /** Whether a value asks for something: null, false and what is empty do not. */
  static boolean asks(JsonNode value) {
    return value != null
        && !(value.isContainer() && value.isEmpty())
        && !(value.isString() && value.stringValue().isEmpty())
        && !value.equals(BooleanNode.FALSE);
  }

  private boolean isNeutral(String value) {
    return neutral != null && List.of(neutral.split(OR)).contains(value);
  }

  /** A number as it would be written by hand: 1.0 is 1. */
  private static String text(JsonNode value) {
    return value.isNumber() && value.asDouble() == value.asInt()
        ? Integer.toString(value.asInt())
        : value.toString();
  }
}
