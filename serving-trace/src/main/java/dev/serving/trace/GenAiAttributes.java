package dev.serving.trace;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;
import java.util.Map;

/**
 * OpenTelemetry's names for generative AI, and the collector of those that belong on a request's
 * root, see {@link Tracing#genAi()}. Times are in seconds. Not for use from several threads.
 *
 * <pre>{@code
 * request.set(
 *     tracing.genAi()
 *         .put(GenAiAttributes.OPERATION_NAME, "chat")
 *         .put(GenAiAttributes.USAGE_INPUT_TOKENS, 12L)
 *         .content(GenAiAttributes.INPUT_MESSAGES, prompt)
 *         .build());
 * }</pre>
 */
public final class GenAiAttributes {
  /** {@code chat}, {@code text_completion}, … */
  public static final AttributeKey<String> OPERATION_NAME = stringKey("gen_ai.operation.name");

  /** Who serves the model. */
  public static final AttributeKey<String> PROVIDER_NAME = stringKey("gen_ai.provider.name");

  /** The session that the request is part of. */
  public static final AttributeKey<String> CONVERSATION_ID = stringKey("gen_ai.conversation.id");

  /** {@code text}, {@code json}, … */
  public static final AttributeKey<String> OUTPUT_TYPE = stringKey("gen_ai.output.type");

  /** The model that was asked for. */
  public static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");

  /** The seed of the sampling. */
  public static final AttributeKey<Long> REQUEST_SEED = longKey("gen_ai.request.seed");

  /** How many choices were asked for, where that is not one. */
  public static final AttributeKey<Long> REQUEST_CHOICE_COUNT =
      longKey("gen_ai.request.choice.count");

  /** Whether the answer is streamed. */
  public static final AttributeKey<Boolean> REQUEST_STREAM = booleanKey("gen_ai.request.stream");

  /** The most tokens to generate. */
  public static final AttributeKey<Long> REQUEST_MAX_TOKENS = longKey("gen_ai.request.max_tokens");

  /** The temperature of the sampling. */
  public static final AttributeKey<Double> REQUEST_TEMPERATURE =
      doubleKey("gen_ai.request.temperature");

  /** The share of the likeliest tokens that is sampled from. */
  public static final AttributeKey<Double> REQUEST_TOP_P = doubleKey("gen_ai.request.top_p");

  /** How many of the likeliest tokens are sampled from. */
  public static final AttributeKey<Double> REQUEST_TOP_K = doubleKey("gen_ai.request.top_k");

  /** What ends the answer. */
  public static final AttributeKey<List<String>> REQUEST_STOP_SEQUENCES =
      stringArrayKey("gen_ai.request.stop_sequences");

  /** How much a token's frequency speaks against it. */
  public static final AttributeKey<Double> REQUEST_FREQUENCY_PENALTY =
      doubleKey("gen_ai.request.frequency_penalty");

  /** How much a token's presence speaks against it. */
  public static final AttributeKey<Double> REQUEST_PRESENCE_PENALTY =
      doubleKey("gen_ai.request.presence_penalty");

  /** The id of the answer. */
  public static final AttributeKey<String> RESPONSE_ID = stringKey("gen_ai.response.id");

  /** The model that answered. */
  public static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");

  /** Why each choice ended. */
  public static final AttributeKey<List<String>> RESPONSE_FINISH_REASONS =
      stringArrayKey("gen_ai.response.finish_reasons");

  /** Seconds from the request to the first piece of a streamed answer. */
  public static final AttributeKey<Double> RESPONSE_TIME_TO_FIRST_CHUNK =
      doubleKey("gen_ai.response.time_to_first_chunk");

  /** Tokens of the prompt. */
  public static final AttributeKey<Long> USAGE_INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");

  /** Tokens of the answer. */
  public static final AttributeKey<Long> USAGE_OUTPUT_TOKENS =
      longKey("gen_ai.usage.output_tokens");

  /** Tokens of the prompt that were in the cache. */
  public static final AttributeKey<Long> USAGE_CACHE_READ_INPUT_TOKENS =
      longKey("gen_ai.usage.cache_read.input_tokens");

  /** Content: what the user and the model have said so far. */
  public static final AttributeKey<String> INPUT_MESSAGES = stringKey("gen_ai.input.messages");

  /** Content: what the model answers. */
  public static final AttributeKey<String> OUTPUT_MESSAGES = stringKey("gen_ai.output.messages");

  /** Content: what the model was told to be. */
  public static final AttributeKey<String> SYSTEM_INSTRUCTIONS =
      stringKey("gen_ai.system_instructions");

  /** The value of {@code OTEL_SEMCONV_STABILITY_OPT_IN} that asks for the old names as well. */
  static final String OLD_NAMES_TOO = "gen_ai/dup";

  private static final Map<AttributeKey<?>, AttributeKey<?>> OLD_NAMES =
      Map.of(
          PROVIDER_NAME, stringKey("gen_ai.system"),
          REQUEST_CHOICE_COUNT, longKey("gen_ai.request.n"),
          RESPONSE_ID, stringKey("gen_ai.request.id"),
          RESPONSE_TIME_TO_FIRST_CHUNK, doubleKey("gen_ai.latency.time_to_first_token"),
          USAGE_INPUT_TOKENS, longKey("gen_ai.usage.prompt_tokens"),
          USAGE_OUTPUT_TOKENS, longKey("gen_ai.usage.completion_tokens"),
          USAGE_CACHE_READ_INPUT_TOKENS, longKey("gen_ai.usage.cached_tokens"));

  private static final GenAiAttributes OFF =
      new GenAiAttributes(null, false, ContentFilter.NOTHING);

  private final AttributesBuilder attributes;
  private final boolean oldNames;
  private final ContentFilter filter;

  /**
   * @param attributes null to collect nothing
   */
  private GenAiAttributes(AttributesBuilder attributes, boolean oldNames, ContentFilter filter) {
    this.attributes = attributes;
    this.oldNames = oldNames;
    this.filter = filter;
  }

  static GenAiAttributes off() {
    return OFF;
  }

  static GenAiAttributes collect(boolean oldNames, ContentFilter filter) {
    return new GenAiAttributes(Attributes.builder(), oldNames, filter);
  }

  /** Returns whether {@link #content} keeps anything, so that it need not be written in vain. */
  public boolean capturesContent() {
    return filter.captures();
  }

  /** Adds an attribute, by its old name too where that was opted in to; null is ignored. */
  @SuppressWarnings("unchecked") // an old name has the type of the new one
  public <T> GenAiAttributes put(AttributeKey<T> key, T value) {
    if (attributes != null && key != null && value != null) {
      attributes.put(key, value);
      AttributeKey<?> old = oldNames ? OLD_NAMES.get(key) : null;
      if (old != null) {
        attributes.put((AttributeKey<T>) old, value);
      }
    }
    return this;
  }

  /** Adds text of a prompt or an answer, only if the operator allows it: redacted, then cut. */
  public GenAiAttributes content(AttributeKey<String> key, String text) {
    return put(key, filter.apply(text));
  }

  /** Returns what was collected. */
  public Attributes build() {
    return attributes == null ? Attributes.empty() : attributes.build();
  }
}
