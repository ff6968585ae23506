package dev.serving.core.frontend.api;

import static dev.serving.core.frontend.api.ApiField.Treatment.IGNORED;
import static dev.serving.core.frontend.api.ApiField.Treatment.OBEYED;
import static dev.serving.core.frontend.api.ApiField.Treatment.REFUSED;
import static dev.serving.core.frontend.api.ApiField.Where.BOTH;
import static dev.serving.core.frontend.api.ApiField.Where.CHAT;
import static dev.serving.core.frontend.api.ApiField.Where.COMPLETION;

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
      Stream.of(own(), ForeignField.ALL).flatMap(List::stream).toList();

  private static List<ApiField> own() {
    return List.of(
        new ApiField("model", BOTH, OBEYED, null, "The served model; may be left out"),
        new ApiField(
            "messages",
            CHAT,
            OBEYED,
            null,
            "The conversation, given to the chat template as it is"),
        new ApiField("prompt", COMPLETION, OBEYED, null, "Text, token ids, or a list of either"),
        new ApiField(
            "max_tokens", BOTH, OBEYED, null, "Most tokens; 0 (completions) only reads the prompt"),
        new ApiField("max_completion_tokens", CHAT, OBEYED, null, "The newer name of 'max_tokens'"),
        new ApiField(
            "min_tokens", BOTH, OBEYED, null, "No end token and no stop string before so many"),
        new ApiField("temperature", BOTH, OBEYED, null, "0 to 2; 0 is greedy"),
        new ApiField("top_p", BOTH, OBEYED, null, "0 to 1; 0 is the likeliest token alone"),
        new ApiField("top_k", BOTH, OBEYED, null, "-1 and 0 are all"),
        new ApiField("min_p", BOTH, OBEYED, null, "0 to 1"),
        new ApiField("repetition_penalty", BOTH, OBEYED, null, "Above 0, at most 10"),
        new ApiField("presence_penalty", BOTH, OBEYED, null, "-2 to 2"),
        new ApiField("frequency_penalty", BOTH, OBEYED, null, "-2 to 2"),
        new ApiField("logit_bias", BOTH, OBEYED, null, "Token ids and -100 to 100, at most 1024"),
        new ApiField(
            "seed", BOTH, OBEYED, null, "64 bits; -1 is any; choice k of several has the seed + k"),
        new ApiField(
            "n", BOTH, OBEYED, null, "Choices for each prompt; at most 128 over all prompts"),
        new ApiField("best_of", COMPLETION, OBEYED, null, "Only as many as 'n'; more is refused"),
        new ApiField("stop", BOTH, OBEYED, null, "A string or up to 1024 of them"),
        new ApiField("stop_token_ids", BOTH, OBEYED, null, "Tokens that end the text"),
        new ApiField(
            "include_stop_str_in_output",
            BOTH,
            OBEYED,
            null,
            "Whether what ended the text is part of it"),
        new ApiField(
            "ignore_eos", BOTH, OBEYED, null, "Whether to go on at the model's end tokens"),
        new ApiField(
            "skip_special_tokens",
            BOTH,
            OBEYED,
            null,
            "Whether special tokens are left out of the text"),
        new ApiField("stream", BOTH, OBEYED, null, "Server-sent events"),
        new ApiField(
            "stream_options",
            BOTH,
            OBEYED,
            null,
            "'include_usage': the usage in a last chunk, null in the others; 'continuous_usage_stats' is refused"),
        new ApiField(
            "logprobs",
            BOTH,
            OBEYED,
            null,
            "Chat: a boolean; completions: how many alternatives, 0 to 20"),
        new ApiField("top_logprobs", CHAT, OBEYED, null, "0 to 20"),
        new ApiField(
            "prompt_logprobs", BOTH, OBEYED, null, "0 to 20, in vLLM's shape; not with 'stream'"),
        new ApiField(
            "echo",
            COMPLETION,
            OBEYED,
            null,
            "The prompt before each text, with 'logprobs' those of its tokens"),
        new ApiField("echo", CHAT, REFUSED, null, "An answer is a message of its own"),
        new ApiField("allowed_token_ids", BOTH, OBEYED, null, "The only tokens there may be"),
        new ApiField(
            "bad_words",
            BOTH,
            OBEYED,
            null,
            "Words that no sequence of their own tokens may complete"),
        new ApiField("guided_choice", BOTH, OBEYED, null, "The text is one of these strings"),
        new ApiField(
            "structured_outputs",
            BOTH,
            OBEYED,
            null,
            "'choice' is 'guided_choice'; other constraints are refused"),
        new ApiField(
            "truncate_prompt_tokens",
            BOTH,
            OBEYED,
            null,
            "The last so many tokens of the prompt; -1 as many as fit"),
        new ApiField("truncation_side", BOTH, OBEYED, null, "'left'; 'right' is refused"),
        new ApiField(
            "add_special_tokens",
            BOTH,
            OBEYED,
            null,
            "Whether the tokenizer puts its own tokens around the prompt: completions yes, chat no"),
        new ApiField(
            "parse_special",
            COMPLETION,
            OBEYED,
            null,
            "Whether special tokens spelled in the prompt are special; true"),
        new ApiField(
            "add_generation_prompt",
            CHAT,
            OBEYED,
            null,
            "Whether the template opens the assistant's turn"),
        new ApiField(
            "chat_template_kwargs", CHAT, OBEYED, null, "Further variables of the template"),
        new ApiField(
            "documents",
            CHAT,
            OBEYED,
            null,
            "For templates that read them; refused where the template does not"),
        new ApiField(
            "reasoning_effort",
            CHAT,
            OBEYED,
            null,
            "For templates that read it; refused where the template does not"),
        new ApiField(
            "tools",
            CHAT,
            OBEYED,
            null,
            "For templates that read them; refused where the template does not"),
        new ApiField(
            "tool_choice", CHAT, OBEYED, null, "'auto' and 'none'; a call cannot be forced"),
        new ApiField("response_format", BOTH, OBEYED, null, "'text'; other formats are refused"),
        new ApiField("modalities", CHAT, OBEYED, null, "Text; 'audio' is refused"),
        new ApiField("priority", BOTH, OBEYED, null, "Smaller runs first"),
        new ApiField("user", BOTH, OBEYED, null, "Goes into the trace"),
        new ApiField(
            "metadata", BOTH, OBEYED, null, "Goes into the trace: conversation and session"),
        new ApiField("functions", CHAT, REFUSED, null, "Send 'tools' instead"),
        new ApiField("function_call", CHAT, REFUSED, "\"none\"", "Send 'tool_choice' instead"),
        new ApiField(
            "parallel_tool_calls", CHAT, REFUSED, "true", "One call at a time cannot be enforced"),
        new ApiField(
            "continue_final_message",
            CHAT,
            REFUSED,
            null,
            "Continuing the last message is not supported"),
        new ApiField("suffix", COMPLETION, REFUSED, null, "Filling in is not supported"),
        new ApiField("guided_json", BOTH, REFUSED, ONLY_NULL, "No JSON schema is enforced"),
        new ApiField("guided_regex", BOTH, REFUSED, null, "No regular expression is enforced"),
        new ApiField("guided_grammar", BOTH, REFUSED, null, "No grammar is enforced"),
        new ApiField("guided_json_object", BOTH, REFUSED, null, "No JSON is enforced"),
        new ApiField("structural_tag", BOTH, REFUSED, null, "No structure is enforced"),
        new ApiField("json_schema", BOTH, REFUSED, ONLY_NULL, "No JSON schema is enforced"),
        new ApiField("regex", BOTH, REFUSED, null, "No regular expression is enforced"),
        new ApiField("ebnf", BOTH, REFUSED, null, "No grammar is enforced"),
        new ApiField("grammar", BOTH, REFUSED, null, "No grammar is enforced"),
        new ApiField("audio", CHAT, REFUSED, null, "This server generates text only"),
        new ApiField("prediction", CHAT, REFUSED, null, "Predicted output is not supported"),
        new ApiField("web_search_options", CHAT, REFUSED, null, "This server searches nothing"),
        new ApiField("moderation", CHAT, REFUSED, null, "This server moderates nothing"),
        new ApiField(
            "verbosity", CHAT, REFUSED, "\"medium\"", "No model served here knows a verbosity"),
        new ApiField("chat_template", CHAT, REFUSED, null, "The template is the model's own"),
        new ApiField("mm_processor_kwargs", CHAT, REFUSED, null, "This server reads text only"),
        new ApiField("media_io_kwargs", CHAT, REFUSED, null, "This server reads text only"),
        new ApiField("prompt_embeds", COMPLETION, REFUSED, null, "A prompt is text or tokens"),
        new ApiField(
            "use_beam_search", BOTH, REFUSED, null, "Tokens are sampled, there is no beam search"),
        new ApiField("length_penalty", BOTH, REFUSED, "1", "There is no beam search"),
        new ApiField("early_stopping", BOTH, REFUSED, null, "There is no beam search"),
        new ApiField("logits_processors", BOTH, REFUSED, null, "No code of a client's is run"),
        new ApiField("custom_logit_processor", BOTH, REFUSED, null, "No code of a client's is run"),
        new ApiField("vllm_xargs", BOTH, REFUSED, null, "There are no extensions"),
        new ApiField("lora_path", BOTH, REFUSED, null, "One model is served, without adapters"),
        new ApiField("watermarking", BOTH, REFUSED, null, "Nothing is watermarked"),
        new ApiField(
            "thinking_token_budget", BOTH, REFUSED, "-1", "Thinking is not told from saying"),
        new ApiField(
            "repetition_detection", BOTH, REFUSED, null, "Use 'repetition_penalty' or 'stop'"),
        new ApiField("logprob_token_ids", BOTH, REFUSED, null, "Use 'logprobs' or 'top_logprobs'"),
        new ApiField(
            "return_tokens_as_token_ids",
            BOTH,
            REFUSED,
            null,
            "Tokens are told by their text and bytes"),
        new ApiField("return_token_ids", BOTH, REFUSED, null, "Ask '/tokenize'"),
        new ApiField("return_prompt_text", CHAT, REFUSED, null, "Ask '/tokenize'"),
        new ApiField(
            "spaces_between_special_tokens",
            BOTH,
            REFUSED,
            "true",
            "Text is what the tokenizer says"),
        new ApiField(
            "include_reasoning", CHAT, REFUSED, "true", "Thinking is not told from saying"),
        new ApiField("typical_p", BOTH, REFUSED, "1", "This way of sampling is not supported"),
        new ApiField("tfs_z", BOTH, REFUSED, "1", "This way of sampling is not supported"),
        new ApiField("top_n_sigma", BOTH, REFUSED, "-1", "This way of sampling is not supported"),
        new ApiField("mirostat", BOTH, REFUSED, "0", "This way of sampling is not supported"),
        new ApiField("dynatemp_range", BOTH, REFUSED, "0", "This way of sampling is not supported"),
        new ApiField(
            "xtc_probability", BOTH, REFUSED, "0", "This way of sampling is not supported"),
        new ApiField("dry_multiplier", BOTH, REFUSED, "0", "This way of sampling is not supported"),
        new ApiField("kv_transfer_params", BOTH, REFUSED, null, "KV blocks stay in their engine"),
        new ApiField("ec_transfer_params", BOTH, REFUSED, null, "This server reads text only"),
        new ApiField(
            "guided_decoding_backend", BOTH, IGNORED, null, "How a constraint is kept, not which"),
        new ApiField(
            "guided_whitespace_pattern",
            BOTH,
            IGNORED,
            null,
            "Part of a constraint that is refused"),
        new ApiField("service_tier", CHAT, IGNORED, null, "There is one tier"),
        new ApiField("store", CHAT, IGNORED, null, "Nothing is stored"),
        new ApiField("safety_identifier", CHAT, IGNORED, null, "Nobody is watched"),
        new ApiField("prompt_cache_key", CHAT, IGNORED, null, "Prefixes are found by their tokens"),
        new ApiField(
            "prompt_cache_options", CHAT, IGNORED, null, "Prefixes are found by their tokens"),
        new ApiField(
            "prompt_cache_retention",
            CHAT,
            IGNORED,
            null,
            "Prefixes stay as long as there is room"),
        new ApiField(
            "cache_salt",
            BOTH,
            IGNORED,
            null,
            "Changes no answer; prefixes are shared by all clients"),
        new ApiField(
            "request_id", BOTH, IGNORED, null, "The header 'X-Request-Id' names a request"),
        new ApiField("session_id", BOTH, IGNORED, null, "'metadata' has a session"),
        new ApiField(
            "stream_interval",
            BOTH,
            IGNORED,
            null,
            "Each token is sent as soon as its text is certain"),
        new ApiField(
            "routed_experts_prompt_start", BOTH, IGNORED, null, "No model served here has experts"),
        new ApiField(
            "return_token_offsets",
            BOTH,
            IGNORED,
            null,
            "Of vLLM's rendering endpoints, which ignore it elsewhere too"),
        new ApiField(
            "return_mm_kwargs",
            BOTH,
            IGNORED,
            null,
            "Of vLLM's rendering endpoints, which ignore it elsewhere too"));
  }

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
