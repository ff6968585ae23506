package dev.serving.core.frontend;

import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Sampling;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;

/** The {@code gen_ai.*} attributes of a request's root span. */
final class GenAiAttributes {
  private static final List<String> CONVERSATION =
      List.of("conversation_id", "session_id", "conversation", "session");
  private static final AttributeKey<List<String>> STOPS =
      AttributeKey.stringArrayKey("gen_ai.request.stop_sequences");
  private static final AttributeKey<List<String>> REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  private GenAiAttributes() {}

  /** What was asked for. */
  static Attributes of(GenerateRequest request) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("gen_ai.operation.name", request.endpoint().operation())
            .put("gen_ai.provider.name", "serving")
            .put("gen_ai.output.type", "text")
            .put("gen_ai.request.model", request.model())
            .put("gen_ai.request.stream", request.stream());
    if (request.choices() != 1) {
      attributes.put("gen_ai.request.choice.count", request.choices());
    }
    if (!request.stop().isEmpty()) {
      attributes.put(STOPS, request.stop());
    }
    sampling(request.sampling(), attributes);
    who(request, attributes);
    return attributes.build();
  }

  private static void sampling(Sampling sampling, AttributesBuilder attributes) {
    put(attributes, "gen_ai.request.max_tokens", sampling.maxTokens());
    put(attributes, "gen_ai.request.temperature", sampling.temperature());
    put(attributes, "gen_ai.request.top_p", sampling.topP());
    put(attributes, "gen_ai.request.top_k", sampling.topK());
    put(attributes, "gen_ai.request.frequency_penalty", sampling.frequencyPenalty());
    put(attributes, "gen_ai.request.presence_penalty", sampling.presencePenalty());
    if (sampling.seed() != null) {
      attributes.put("gen_ai.request.seed", sampling.seed());
    }
  }

  private static void put(AttributesBuilder attributes, String key, Integer value) {
    if (value != null) {
      attributes.put(key, value.longValue());
    }
  }

  private static void put(AttributesBuilder attributes, String key, Float value) {
    if (value != null) {
      attributes.put(key, Double.parseDouble(value.toString())); // 0.7, not 0.699999988
    }
  }

  private static void who(GenerateRequest request, AttributesBuilder attributes) {
    if (request.user() != null) {
      attributes.put("user.id", request.user());
    }
    CONVERSATION.stream()
        .map(request.metadata()::get)
        .filter(id -> id != null)
        .findFirst()
        .ifPresent(id -> attributes.put("gen_ai.conversation.id", id));
  }

  /** What came of it. */
  static Attributes of(Outcome outcome, String model, String id) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("gen_ai.response.model", model)
            .put("gen_ai.response.id", id)
            .put("gen_ai.usage.input_tokens", outcome.promptTokens())
            .put("gen_ai.usage.output_tokens", outcome.outputTokens())
            .put("gen_ai.usage.cache_read.input_tokens", outcome.cachedTokens())
            .put(REASONS, outcome.finishReasons());
    if (outcome.firstTokenSeconds() >= 0) {
      attributes.put("gen_ai.response.time_to_first_chunk", outcome.firstTokenSeconds());
    }
    return attributes.build();
  }
}
