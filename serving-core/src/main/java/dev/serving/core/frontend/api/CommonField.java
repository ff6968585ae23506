package dev.serving.core.frontend.api;

import static dev.serving.core.frontend.api.ApiField.ONLY_NULL;
import static dev.serving.core.frontend.api.ApiField.Treatment.IGNORED;
import static dev.serving.core.frontend.api.ApiField.Treatment.OBEYED;
import static dev.serving.core.frontend.api.ApiField.Treatment.REFUSED;
import static dev.serving.core.frontend.api.ApiField.Where.BOTH;
import static dev.serving.core.frontend.api.ApiField.Where.CHAT;
import static dev.serving.core.frontend.api.ApiField.Where.COMPLETION;
import static dev.serving.core.frontend.api.RequestParser.MAX_BIASES;
import static dev.serving.core.frontend.api.RequestParser.MAX_CHOICES;
import static dev.serving.core.frontend.api.RequestParser.MAX_STOPS;
import static dev.serving.core.message.SamplingRange.FREQUENCY_PENALTY;
import static dev.serving.core.message.SamplingRange.LOGIT_BIAS;
import static dev.serving.core.message.SamplingRange.MIN_P;
import static dev.serving.core.message.SamplingRange.PRESENCE_PENALTY;
import static dev.serving.core.message.SamplingRange.REPETITION_PENALTY;
import static dev.serving.core.message.SamplingRange.TEMPERATURE;
import static dev.serving.core.message.SamplingRange.TOP_P;

import dev.serving.core.message.SamplingParams;
import java.util.List;
import java.util.stream.Stream;

/** What OpenAI's API and its nearest followers have: served, refused or of no consequence. */
final class CommonField {
  private static final String ALTERNATIVES = "0 to " + SamplingParams.MAX_TOP_LOGPROBS;

  private static final List<ApiField> SERVED =
      List.of(
          obeyed("model", BOTH, "The served model; may be left out"),
          obeyed("messages", CHAT, "The conversation, given to the chat template as it is"),
          obeyed("prompt", COMPLETION, "Text, token ids, or a list of either"),
          obeyed("max_tokens", BOTH, "Most tokens; 0 (completions) only reads the prompt"),
          obeyed("max_completion_tokens", CHAT, "The newer name of 'max_tokens'"),
          obeyed("min_tokens", BOTH, "No end token and no stop string before so many"),
          obeyed("temperature", BOTH, TEMPERATURE.span() + "; 0 is greedy"),
          obeyed("top_p", BOTH, TOP_P.span() + "; 0 is the likeliest token alone"),
          obeyed("top_k", BOTH, "-1 and 0 are all"),
          obeyed("min_p", BOTH, MIN_P.span()),
          obeyed("repetition_penalty", BOTH, REPETITION_PENALTY.span()),
          obeyed("presence_penalty", BOTH, PRESENCE_PENALTY.span()),
          obeyed("frequency_penalty", BOTH, FREQUENCY_PENALTY.span()),
          obeyed(
              "logit_bias", BOTH, "Token ids and " + LOGIT_BIAS.span() + ", at most " + MAX_BIASES),
          obeyed("seed", BOTH, "64 bits; -1 is any; choice k of several has the seed + k"),
          obeyed(
              "n", BOTH, "Choices for each prompt; at most " + MAX_CHOICES + " over all prompts"),
          obeyed("best_of", COMPLETION, "Only as many as 'n'; more is refused"),
          obeyed("stop", BOTH, "A string or up to " + MAX_STOPS + " of them"),
          obeyed("stop_token_ids", BOTH, "Tokens that end the text"),
          obeyed("include_stop_str_in_output", BOTH, "Whether what ended the text is part of it"),
          obeyed("ignore_eos", BOTH, "Whether to go on at the model's end tokens"),
          obeyed("skip_special_tokens", BOTH, "Whether special tokens are left out of the text"),
          obeyed("stream", BOTH, "Server-sent events"),
          obeyed(
              "stream_options",
              BOTH,
              "'include_usage': the usage in a last chunk, null in the others; 'continuous_usage_stats' is refused"),
          obeyed(
              "timings",
              BOTH,
              "Whether the answer, or its last chunk, tells what its time went to; 'Server-Timing', too, where it is not a stream"),
          obeyed(
              "logprobs",
              BOTH,
              "Chat: a boolean; completions: how many alternatives, " + ALTERNATIVES),
          obeyed("top_logprobs", CHAT, ALTERNATIVES),
          obeyed("prompt_logprobs", BOTH, ALTERNATIVES + ", in vLLM's shape; not with 'stream'"),
          obeyed(
              "echo",
              COMPLETION,
              "The prompt before each text, with 'logprobs' those of its tokens"),
          refused("echo", CHAT, null, "An answer is a message of its own"),
          obeyed("allowed_token_ids", BOTH, "The only tokens there may be"),
          obeyed("bad_words", BOTH, "Words that no sequence of their own tokens may complete"),
          obeyed("guided_choice", BOTH, "The text is one of these strings"),
          obeyed(
              "structured_outputs",
              BOTH,
              "'choice' is 'guided_choice'; other constraints are refused"),
          obeyed(
              "truncate_prompt_tokens",
              BOTH,
              "The last so many tokens of the prompt; -1 as many as fit"),
          obeyed("truncation_side", BOTH, "'left'; 'right' is refused"),
          obeyed(
              "add_special_tokens",
              BOTH,
              "Whether the tokenizer puts its own tokens around the prompt: completions yes, chat no"),
          obeyed(
              "parse_special",
              COMPLETION,
              "Whether special tokens spelled in the prompt are special; true"),
          obeyed("add_generation_prompt", CHAT, "Whether the template opens the assistant's turn"),
          obeyed("chat_template_kwargs", CHAT, "Further variables of the template"),
          obeyed(
              "documents",
              CHAT,
              "For templates that read them; refused where the template does not"),
          obeyed(
              "reasoning_effort",
              CHAT,
              "For templates that read it; refused where the template does not"),
          obeyed(
              "tools", CHAT, "For templates that read them; refused where the template does not"),
          obeyed("tool_choice", CHAT, "'auto' and 'none'; a call cannot be forced"),
          obeyed("response_format", BOTH, "'text'; other formats are refused"),
          obeyed("modalities", CHAT, "Text; 'audio' is refused"),
          obeyed("priority", BOTH, "Smaller runs first"),
          obeyed("user", BOTH, "Goes into the trace"),
          obeyed("metadata", BOTH, "Goes into the trace: conversation and session"));

  private static final List<ApiField> NOT_SERVED =
      List.of(
          refused("functions", CHAT, null, "Send 'tools' instead"),
          refused("function_call", CHAT, "\"none\"", "Send 'tool_choice' instead"),
          refused("parallel_tool_calls", CHAT, "true", "One call at a time cannot be enforced"),
          refused(
              "continue_final_message", CHAT, null, "Continuing the last message is not supported"),
          refused("suffix", COMPLETION, null, "Filling in is not supported"),
          refused("guided_json", BOTH, ONLY_NULL, "No JSON schema is enforced"),
          refused("guided_regex", BOTH, null, "No regular expression is enforced"),
          refused("guided_grammar", BOTH, null, "No grammar is enforced"),
          refused("guided_json_object", BOTH, null, "No JSON is enforced"),
          refused("structural_tag", BOTH, null, "No structure is enforced"),
          refused("json_schema", BOTH, ONLY_NULL, "No JSON schema is enforced"),
          refused("regex", BOTH, null, "No regular expression is enforced"),
          refused("ebnf", BOTH, null, "No grammar is enforced"),
          refused("grammar", BOTH, null, "No grammar is enforced"),
          refused("audio", CHAT, null, "This server generates text only"),
          refused("prediction", CHAT, null, "Predicted output is not supported"),
          refused("web_search_options", CHAT, null, "This server searches nothing"),
          refused("moderation", CHAT, null, "This server moderates nothing"),
          refused("verbosity", CHAT, "\"medium\"", "No model served here knows a verbosity"),
          refused("chat_template", CHAT, null, "The template is the model's own"),
          refused("mm_processor_kwargs", CHAT, null, "This server reads text only"),
          refused("media_io_kwargs", CHAT, null, "This server reads text only"),
          refused("prompt_embeds", COMPLETION, null, "A prompt is text or tokens"),
          refused("use_beam_search", BOTH, null, "Tokens are sampled, there is no beam search"),
          refused("length_penalty", BOTH, "1", "There is no beam search"),
          refused("early_stopping", BOTH, null, "There is no beam search"),
          refused("logits_processors", BOTH, null, "No code of a client's is run"),
          refused("custom_logit_processor", BOTH, null, "No code of a client's is run"),
          refused("vllm_xargs", BOTH, null, "There are no extensions"),
          refused("lora_path", BOTH, null, "One model is served, without adapters"),
          refused("watermarking", BOTH, null, "Nothing is watermarked"),
          refused("thinking_token_budget", BOTH, "-1", "Thinking is not told from saying"),
          refused("repetition_detection", BOTH, null, "Use 'repetition_penalty' or 'stop'"),
          refused("logprob_token_ids", BOTH, null, "Use 'logprobs' or 'top_logprobs'"),
          refused(
              "return_tokens_as_token_ids", BOTH, null, "Tokens are told by their text and bytes"),
          refused("return_token_ids", BOTH, null, "Ask '/tokenize'"),
          refused("return_prompt_text", CHAT, null, "Ask '/tokenize'"),
          refused("spaces_between_special_tokens", BOTH, "true", "Text is what the tokenizer says"),
          refused("include_reasoning", CHAT, "true", "Thinking is not told from saying"),
          refused("typical_p", BOTH, "1", "This way of sampling is not supported"),
          refused("tfs_z", BOTH, "1", "This way of sampling is not supported"),
          refused("top_n_sigma", BOTH, "-1", "This way of sampling is not supported"),
          refused("mirostat", BOTH, "0", "This way of sampling is not supported"),
          refused("dynatemp_range", BOTH, "0", "This way of sampling is not supported"),
          refused("xtc_probability", BOTH, "0", "This way of sampling is not supported"),
          refused("dry_multiplier", BOTH, "0", "This way of sampling is not supported"),
          refused("kv_transfer_params", BOTH, null, "KV blocks stay in their engine"),
          refused("ec_transfer_params", BOTH, null, "This server reads text only"));

  private static final List<ApiField> WITHOUT_EFFECT =
      List.of(
          ignored("guided_decoding_backend", BOTH, "How a constraint is kept, not which"),
          ignored("guided_whitespace_pattern", BOTH, "Part of a constraint that is refused"),
          ignored("service_tier", CHAT, "There is one tier"),
          ignored("store", CHAT, "Nothing is stored"),
          ignored("safety_identifier", CHAT, "Nobody is watched"),
          ignored("prompt_cache_key", CHAT, "Prefixes are found by their tokens"),
          ignored("prompt_cache_options", CHAT, "Prefixes are found by their tokens"),
          ignored("prompt_cache_retention", CHAT, "Prefixes stay as long as there is room"),
          ignored("cache_salt", BOTH, "Changes no answer; prefixes are shared by all clients"),
          ignored("request_id", BOTH, "The header 'X-Request-Id' names a request"),
          ignored("session_id", BOTH, "'metadata' has a session"),
          ignored("stream_interval", BOTH, "Each token is sent as soon as its text is certain"),
          ignored("routed_experts_prompt_start", BOTH, "No model served here has experts"),
          ignored(
              "return_token_offsets",
              BOTH,
              "Of vLLM's rendering endpoints, which ignore it elsewhere too"),
          ignored(
              "return_mm_kwargs",
              BOTH,
              "Of vLLM's rendering endpoints, which ignore it elsewhere too"));

  /** In the order in which {@code docs/api.md} has them. */
  static final List<ApiField> ALL =
      Stream.of(SERVED, NOT_SERVED, WITHOUT_EFFECT).flatMap(List::stream).toList();

  private CommonField() {}

  private static ApiField obeyed(String name, ApiField.Where where, String what) {
    return new ApiField(name, where, OBEYED, null, what);
  }

  private static ApiField refused(String name, ApiField.Where where, String neutral, String why) {
    return new ApiField(name, where, REFUSED, neutral, why);
  }

  private static ApiField ignored(String name, ApiField.Where where, String why) {
    return new ApiField(name, where, IGNORED, null, why);
  }
}
