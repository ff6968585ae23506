package dev.serving.core.frontend.api;

import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.SamplingRange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads the body of a request for text.
 *
 * <p>{@link ApiField} lists the known fields; others are accepted, as OpenAI did. A field of the
 * wrong type or out of range is refused (400), one that asks for what this server does not do is
 * too (422); each error names the field.
 */
public final class RequestParser {
  /** Most choices, over all prompts, of one request. */
  public static final int MAX_CHOICES = 128;

  static final int MAX_STOPS = 1024;
  private static final int MAX_STOP_LENGTH = 1024;
  private static final int MAX_STOP_TOKENS = 256;
  static final int MAX_BIASES = 1024;
  private static final int MAX_METADATA = 64;

  private final Fields fields;
  private final Endpoint endpoint;

  private RequestParser(Fields fields, Endpoint endpoint) {
    this.fields = fields;
    this.endpoint = endpoint;
  }

  /**
   * Reads a body.
   *
   * @param endpoint which of the two shapes it has
   * @param body JSON in UTF-8
   * @param served the model of a request that names none
   * @throws ApiException when it is malformed, or asks for what cannot be
   */
  public static GenerateRequest parse(Endpoint endpoint, byte[] body, String served) {
    return new RequestParser(Json.object(body), endpoint).request(served);
  }

  private GenerateRequest request(String served) {
    String model = fields.text("model");
    List<Prompt> prompts =
        endpoint == Endpoint.CHAT
            ? List.of(ChatParser.parse(fields))
            : PromptParser.prompts(fields, MAX_CHOICES);
    Unsupported.refuse(fields, endpoint);
    boolean stream = fields.flag("stream");
    return new GenerateRequest(
        endpoint,
        model == null || model.isEmpty() ? served : model,
        prompts,
        choices(prompts.size()),
        stream,
        stream && fields.object("stream_options").flag("include_usage"),
        fields.flag("timings"),
        endpoint == Endpoint.COMPLETION && fields.flag("echo"),
        stops(),
        fields.flag("include_stop_str_in_output"),
        !fields.flag("skip_special_tokens", true),
        truncatePrompt(),
        or(promptLogprobs(), -1),
        sampling(),
        or(fields.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE), 0),
        fields.text("user"),
        metadata());
  }

  private int choices(int prompts) {
    return or(fields.integer("n", 1, Math.max(1, MAX_CHOICES / prompts)), 1);
  }

  private Sampling sampling() {
    return new Sampling(
            maxTokens(),
            fields.integer("min_tokens", 0, Integer.MAX_VALUE),
            fields.number(SamplingRange.TEMPERATURE),
            fields.number(SamplingRange.TOP_P),
            topK(),
            fields.number(SamplingRange.MIN_P),
            fields.number(SamplingRange.REPETITION_PENALTY),
            fields.number(SamplingRange.PRESENCE_PENALTY),
            fields.number(SamplingRange.FREQUENCY_PENALTY),
            logitBias(),
            seed(),
            topLogprobs(),
            stopTokens(),
            fields.flag("ignore_eos"),
            Math.max(or(promptLogprobs(), -1), echoed()),
            TextConstraints.parse(fields))
        .checked();
  }

  private Integer maxTokens() {
    if (endpoint == Endpoint.COMPLETION) {
      // 16 is OpenAI's default for this endpoint; the other has none. 0 only reads the prompt.
      return or(fields.integer("max_tokens", 0, Integer.MAX_VALUE), 16);
    }
    Integer old = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    return or(fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE), old);
  }

  /** More than any vocabulary has is all of it, and so are vLLM's words for all. */
  private Integer topK() {
    Long k = fields.integer("top_k", -1, Long.MAX_VALUE);
    return k == null ? null : Integer.valueOf((int) Math.min(Math.max(k, 0), Integer.MAX_VALUE));
  }

  /** -1 is any seed, as vLLM and llama.cpp have it. */
  private Long seed() {
    Long seed = fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    return seed == null || seed == -1 ? null : seed;
  }

  private Integer promptLogprobs() {
    return fields.integer("prompt_logprobs", 0, SamplingParams.MAX_TOP_LOGPROBS);
  }

  /** An echo tells of the prompt's tokens what the answer tells of its own. */
  private int echoed() {
    return endpoint == Endpoint.COMPLETION && fields.flag("echo") ? topLogprobs() : -1;
  }

  private int truncatePrompt() {
    Long most = fields.integer("truncate_prompt_tokens", -1, Long.MAX_VALUE);
    fields.check(most == null || most != 0, "truncate_prompt_tokens", "-1 or at least 1");
    return most == null ? 0 : (int) Math.min(most, Integer.MAX_VALUE);
  }

  private int topLogprobs() {
    int most = SamplingParams.MAX_TOP_LOGPROBS;
    if (endpoint == Endpoint.COMPLETION) {
      return or(fields.integer("logprobs", 0, most), -1);
    }
    boolean wanted = fields.flag("logprobs");
    Integer top = fields.integer("top_logprobs", 0, most);
    if (top != null && top > 0 && !wanted) {
      throw new ApiException(
          ApiError.invalid("top_logprobs", "'top_logprobs' needs 'logprobs' to be true."));
    }
    return wanted ? or(top, 0) : -1;
  }

  private List<String> stops() {
    JsonNode node = fields.node("stop");
    if (node != null && node.isString()) {
      return node.stringValue().isEmpty() ? List.of() : List.of(stop("stop", node.stringValue()));
    }
    return fields.list("stop", MAX_STOPS, e -> stop(e.path(), e.text()));
  }

  private static String stop(String path, String text) {
    if (text.isEmpty() || text.length() > MAX_STOP_LENGTH) {
      throw new ApiException(
          ApiError.invalid(path, "A stop string has 1 to " + MAX_STOP_LENGTH + " characters."));
    }
    return text;
  }

  private Set<Integer> stopTokens() {
    return new HashSet<>(fields.list("stop_token_ids", MAX_STOP_TOKENS, Fields.Element::tokenId));
  }

  private Map<Integer, Float> logitBias() {
    Fields biases = fields.object("logit_bias");
    fields.check(biases.size() <= MAX_BIASES, "logit_bias", "at most " + MAX_BIASES + " biases");
    Map<Integer, Float> map = new HashMap<>();
    for (String token : biases.names()) {
      map.put(tokenId(token), biases.number(token, SamplingRange.LOGIT_BIAS));
    }
    map.values().removeIf(bias -> bias == null);
    return map;
  }

  private static int tokenId(String token) {
    if (token.matches("[0-9]{1,9}")) { // what is longer is no token of any vocabulary
      return Integer.parseInt(token);
    }
    throw new ApiException(
        ApiError.invalid(
            "logit_bias",
            "'logit_bias' must have token ids as keys, not '" + Fields.cut(token) + "'."));
  }

  private Map<String, String> metadata() {
    Fields notes = fields.object("metadata");
    fields.check(notes.size() <= MAX_METADATA, "metadata", "at most " + MAX_METADATA + " notes");
    Map<String, String> map = new HashMap<>();
    for (String name : notes.names()) {
      map.put(name.toLowerCase(Locale.ROOT), notes.text(name));
    }
    map.values().removeIf(note -> note == null);
    return map;
  }

  private static <T> T or(T value, T absent) {
    return value == null ? absent : value;
  }
}
