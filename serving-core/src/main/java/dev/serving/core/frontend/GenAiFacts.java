package dev.serving.core.frontend;

import static dev.serving.trace.GenAiAttributes.CONVERSATION_ID;
import static dev.serving.trace.GenAiAttributes.OPERATION_NAME;
import static dev.serving.trace.GenAiAttributes.OUTPUT_TYPE;
import static dev.serving.trace.GenAiAttributes.PROVIDER_NAME;
import static dev.serving.trace.GenAiAttributes.REQUEST_CHOICE_COUNT;
import static dev.serving.trace.GenAiAttributes.REQUEST_FREQUENCY_PENALTY;
import static dev.serving.trace.GenAiAttributes.REQUEST_MAX_TOKENS;
import static dev.serving.trace.GenAiAttributes.REQUEST_MODEL;
import static dev.serving.trace.GenAiAttributes.REQUEST_PRESENCE_PENALTY;
import static dev.serving.trace.GenAiAttributes.REQUEST_SEED;
import static dev.serving.trace.GenAiAttributes.REQUEST_STOP_SEQUENCES;
import static dev.serving.trace.GenAiAttributes.REQUEST_STREAM;
import static dev.serving.trace.GenAiAttributes.REQUEST_TEMPERATURE;
import static dev.serving.trace.GenAiAttributes.REQUEST_TOP_K;
import static dev.serving.trace.GenAiAttributes.REQUEST_TOP_P;
import static dev.serving.trace.GenAiAttributes.RESPONSE_FINISH_REASONS;
import static dev.serving.trace.GenAiAttributes.RESPONSE_ID;
import static dev.serving.trace.GenAiAttributes.RESPONSE_MODEL;
import static dev.serving.trace.GenAiAttributes.RESPONSE_TIME_TO_FIRST_CHUNK;
import static dev.serving.trace.GenAiAttributes.USAGE_CACHE_READ_INPUT_TOKENS;
import static dev.serving.trace.GenAiAttributes.USAGE_INPUT_TOKENS;
import static dev.serving.trace.GenAiAttributes.USAGE_OUTPUT_TOKENS;

import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Sampling;
import dev.serving.trace.GenAiAttributes;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/** What the {@code gen_ai.*} attributes of a request's root say; null values are left out. */
final class GenAiFacts {
  private static final AttributeKey<String> USER = AttributeKey.stringKey("user.id");
  private static final List<String> CONVERSATION =
      List.of("conversation_id", "session_id", "conversation", "session");

  private GenAiFacts() {}

  /** Adds what was asked for. */
  static GenAiAttributes of(GenAiAttributes attributes, GenerateRequest request) {
    attributes
        .put(OPERATION_NAME, request.endpoint().operation())
        .put(PROVIDER_NAME, "serving")
        .put(OUTPUT_TYPE, "text")
        .put(REQUEST_MODEL, request.model())
        .put(REQUEST_STREAM, Boolean.valueOf(request.stream()))
        .put(USER, request.user())
        .put(CONVERSATION_ID, conversation(request));
    if (request.choices() != 1) {
      attributes.put(REQUEST_CHOICE_COUNT, Long.valueOf(request.choices()));
    }
    if (!request.stop().isEmpty()) {
      attributes.put(REQUEST_STOP_SEQUENCES, request.stop());
    }
    return sampling(request.sampling(), attributes);
  }

  private static GenAiAttributes sampling(Sampling sampling, GenAiAttributes attributes) {
    Integer most = sampling.maxTokens();
    return attributes
        .put(REQUEST_MAX_TOKENS, most == null ? null : Long.valueOf(most))
        .put(REQUEST_TEMPERATURE, exact(sampling.temperature()))
        .put(REQUEST_TOP_P, exact(sampling.topP()))
        .put(REQUEST_TOP_K, exact(sampling.topK()))
        .put(REQUEST_FREQUENCY_PENALTY, exact(sampling.frequencyPenalty()))
        .put(REQUEST_PRESENCE_PENALTY, exact(sampling.presencePenalty()))
        .put(REQUEST_SEED, sampling.seed());
  }

  /** 0.7 as the client wrote it, not 0.699999988. */
  private static Double exact(Number value) {
    return value == null ? null : Double.valueOf(value.toString());
  }

  private static String conversation(GenerateRequest request) {
    return CONVERSATION.stream()
        .map(request.metadata()::get)
        .filter(id -> id != null)
        .findFirst()
        .orElse(null);
  }

  /** Adds what came of it. */
  static GenAiAttributes of(
      GenAiAttributes attributes, Outcome outcome, GenerateRequest asked, String id) {
    if (outcome.promptTokens() > 0) {
      attributes.put(USAGE_INPUT_TOKENS, Long.valueOf(outcome.promptTokens()));
    }
    return outcome.firstTokenSeconds() < 0
        ? attributes
        : response(attributes, outcome, asked.stream())
            .put(RESPONSE_MODEL, asked.model())
            .put(RESPONSE_ID, id);
  }

  /** Where a token was made: without one, nothing answered and nothing is known. */
  private static GenAiAttributes response(
      GenAiAttributes attributes, Outcome outcome, boolean stream) {
    List<String> reasons = outcome.finishReasons();
    return attributes
        .put(USAGE_OUTPUT_TOKENS, Long.valueOf(outcome.outputTokens()))
        .put(USAGE_CACHE_READ_INPUT_TOKENS, Long.valueOf(outcome.cachedTokens()))
        .put(RESPONSE_FINISH_REASONS, reasons.isEmpty() ? null : reasons)
        .put(
            RESPONSE_TIME_TO_FIRST_CHUNK,
            stream ? Double.valueOf(outcome.firstTokenSeconds()) : null);
  }
}
