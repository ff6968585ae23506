package dev.serving.core.frontend.api;

import static dev.serving.core.frontend.api.ApiField.ONLY_NULL;
import static dev.serving.core.frontend.api.ApiField.Treatment.IGNORED;
import static dev.serving.core.frontend.api.ApiField.Treatment.REFUSED;
import static dev.serving.core.frontend.api.ApiField.Where.BOTH;
import static dev.serving.core.frontend.api.ApiField.Where.CHAT;
import static dev.serving.core.frontend.api.ApiField.Where.COMPLETION;

import java.util.List;

/**
 * What single servers (FastDeploy, SGLang, llama.cpp, TGI, Ollama, Aphrodite) call their own way,
 * or alone have, by the definitions of requests in their sources. Clients that were written for one
 * of them must hear that a wish of theirs is not known here.
 */
final class ForeignField {
  /** Fields that neither OpenAI nor vLLM has. */
  static final List<ApiField> ALL =
      List.of(
          refused("extra_body", BOTH, null, "Send its fields beside the others"),
          refused("sampling_params", BOTH, null, "Send its fields beside the others"),
          refused("parameters", BOTH, null, "Send its fields beside the others"),
          refused("options", BOTH, null, "Send its fields beside the others"),
          refused("format", BOTH, null, "No JSON schema is enforced"),
          refused("n_predict", BOTH, "-1", "Send 'max_tokens' instead"),
          refused("max_new_tokens", BOTH, null, "Send 'max_tokens' instead"),
          refused("response_max_tokens", CHAT, null, "Send 'max_tokens' instead"),
          refused("min_new_tokens", BOTH, "0", "Send 'min_tokens' instead"),
          refused("n_cmpl", BOTH, "1", "Send 'n' instead"),
          refused("truncate", BOTH, null, "Send 'truncate_prompt_tokens' instead"),
          refused("return_full_text", BOTH, null, "Send 'echo' to completions instead"),
          refused("repeat_penalty", BOTH, "1", "Send 'repetition_penalty' instead"),
          refused("repeat_last_n", BOTH, "-1", "Penalties count the whole text"),
          refused("penalty_score", BOTH, "1", "Send 'repetition_penalty' instead"),
          refused("n_probs", BOTH, "0", "Send 'logprobs' instead"),
          refused("top_n_tokens", BOTH, "0", "Send 'logprobs' instead"),
          refused("decoder_input_details", BOTH, null, "Send 'prompt_logprobs' instead"),
          refused("details", BOTH, null, "Send 'logprobs' instead"),
          refused("bad_words_token_ids", BOTH, null, "Send 'bad_words' instead"),
          refused("stop_regex", BOTH, null, "Send 'stop' instead"),
          refused("no_stop_trim", BOTH, null, "Send 'include_stop_str_in_output' instead"),
          refused("prompt_token_ids", BOTH, null, "Send token ids as 'prompt' of completions"),
          refused("input_ids", BOTH, null, "Send token ids as 'prompt' of completions"),
          refused("completion_token_ids", BOTH, null, "Nothing is continued"),
          refused("disable_chat_template", CHAT, null, "Send the text as 'prompt' of completions"),
          refused("tool_prompt", CHAT, null, "The template is the model's own"),
          refused("enable_thinking", CHAT, ONLY_NULL, "Send it in 'chat_template_kwargs'"),
          refused("thinking", CHAT, ONLY_NULL, "Send it in 'chat_template_kwargs'"),
          refused("reasoning", CHAT, null, "Send 'reasoning_effort' instead"),
          refused("reasoning_max_tokens", CHAT, null, "Thinking is not told from saying"),
          refused("reasoning_budget_tokens", BOTH, "-1", "Thinking is not told from saying"),
          refused("reasoning_control", BOTH, null, "Thinking is not told from saying"),
          refused(
              "reasoning_format", BOTH, "\"auto\" or \"none\"", "Thinking is not told from saying"),
          refused("separate_reasoning", CHAT, "true", "Thinking is not told from saying"),
          refused("best_of", CHAT, "1", "Send 'n' instead"),
          refused("do_sample", COMPLETION, "true", "Send a 'temperature', 0 is greedy"),
          refused("watermark", BOTH, null, "Nothing is watermarked"),
          refused("samplers", BOTH, null, "The order of sampling is fixed"),
          refused("min_keep", BOTH, "0", "This way of sampling is not supported"),
          refused("adaptive_target", BOTH, "-1", "This way of sampling is not supported"),
          refused("top_a", BOTH, "0", "This way of sampling is not supported"),
          refused("epsilon_cutoff", BOTH, "0", "This way of sampling is not supported"),
          refused("eta_cutoff", BOTH, "0", "This way of sampling is not supported"),
          refused("smoothing_factor", BOTH, "0", "This way of sampling is not supported"),
          refused("logits_processors_args", BOTH, null, "No code of a client's is run"),
          refused("adapter_id", BOTH, null, "One model is served, without adapters"),
          refused("lora", BOTH, null, "One model is served, without adapters"),
          refused("session_params", BOTH, null, "Each request has its whole text"),
          refused("detokenize", BOTH, ONLY_NULL, "Answers are text"),
          refused("response_fields", BOTH, null, "An answer has OpenAI's fields"),
          refused("return_tokens", BOTH, null, "Ask '/tokenize'"),
          refused("return_prompt_token_ids", CHAT, null, "Ask '/tokenize'"),
          refused("return_meta_info", CHAT, null, "Times are in traces and metrics"),
          refused("return_cached_tokens_details", BOTH, null, "Times are in traces and metrics"),
          refused("return_routed_experts", BOTH, null, "No model served here has experts"),
          refused("return_hidden_states", BOTH, null, "Hidden states stay in the model"),
          refused("temp_scaled_logprobs", BOTH, null, "'logprobs' are the model's own"),
          refused("top_p_normalized_logprobs", BOTH, null, "'logprobs' are the model's own"),
          refused("post_sampling_probs", BOTH, null, "'logprobs' are the model's own"),
          refused("include_draft_logprobs", BOTH, null, "There is no draft model"),
          refused("timings_per_token", BOTH, null, "Times are in traces and metrics"),
          refused("return_progress", BOTH, null, "Times are in traces and metrics"),
          refused("verbose", BOTH, null, "Times are in traces and metrics"),
          refused("t_max_predict_ms", BOTH, "-1 or 0", "Close the connection instead"),
          refused("n_indent", BOTH, "0", "No indent is enforced"),
          ignored("mirostat_tau", "Part of 'mirostat'"),
          ignored("mirostat_eta", "Part of 'mirostat'"),
          ignored("dynatemp_exponent", "Part of 'dynatemp_range'"),
          ignored("xtc_threshold", "Part of 'xtc_probability'"),
          ignored("dry_base", "Part of 'dry_multiplier'"),
          ignored("dry_allowed_length", "Part of 'dry_multiplier'"),
          ignored("dry_penalty_last_n", "Part of 'dry_multiplier'"),
          ignored("dry_sequence_breakers", "Part of 'dry_multiplier'"),
          ignored("adaptive_decay", "Part of 'adaptive_target'"),
          ignored("grammar_lazy", "Part of 'grammar'"),
          ignored("grammar_triggers", "Part of 'grammar'"),
          ignored("preserved_tokens", "Part of 'grammar'"),
          ignored("custom_params", "Part of 'custom_logit_processor'"),
          ignored("backend_sampling", "Where a token is chosen, not which"),
          ignored("n_keep", "No token of a prompt is given up"),
          ignored("n_discard", "No token of a prompt is given up"),
          ignored("cache_prompt", "Prefixes are found by their tokens"),
          ignored("n_cache_reuse", "Prefixes are found by their tokens"),
          ignored("id_slot", "Any place gives the same answer"),
          ignored("data_parallel_rank", "Any engine gives the same answer"),
          ignored("routed_dp_rank", "Any engine gives the same answer"),
          ignored("disagg_prefill_dp_rank", "Any engine gives the same answer"),
          ignored("bootstrap_host", "KV blocks stay in their engine"),
          ignored("bootstrap_port", "KV blocks stay in their engine"),
          ignored("bootstrap_room", "KV blocks stay in their engine"),
          ignored("disaggregate_info", "KV blocks stay in their engine"),
          ignored("ngram_corpus_id", "How tokens are guessed, not which are taken"),
          ignored("routed_experts_start_len", "No model served here has experts"),
          ignored("images_config", "This server reads text only"),
          ignored("mm_hashes", "This server reads text only"),
          ignored("max_dynamic_patch", "This server reads text only"),
          ignored("min_dynamic_patch", "This server reads text only"),
          ignored("use_audio_in_video", "This server reads text only"),
          ignored("task", "For one model, which is not served here"),
          ignored("stream_reasoning", "Part of 'separate_reasoning'"),
          ignored("max_streaming_response_tokens", "How an answer is cut, not which"),
          ignored("sse_ping_interval", "How an answer is sent, not which"),
          ignored("collect_metrics", "Metrics are always collected"),
          ignored("custom_labels", "Metrics have labels of their own"),
          ignored("rid", "The header 'X-Request-Id' names a request"),
          ignored("extra_key", "Changes no answer; prefixes are shared by all clients"));

  private ForeignField() {}

  private static ApiField refused(String name, ApiField.Where where, String neutral, String why) {
    return new ApiField(name, where, REFUSED, neutral, why);
  }

  private static ApiField ignored(String name, String why) {
    return new ApiField(name, BOTH, IGNORED, null, why);
  }
}
