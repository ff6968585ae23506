package dev.serving.core.frontend.api;

import static dev.serving.core.frontend.api.ApiField.ONLY_NULL;
import static dev.serving.core.frontend.api.ApiField.Treatment.IGNORED;
import static dev.serving.core.frontend.api.ApiField.Treatment.REFUSED;
import static dev.serving.core.frontend.api.ApiField.Where.BOTH;
import static dev.serving.core.frontend.api.ApiField.Where.CHAT;
import static dev.serving.core.frontend.api.ApiField.Where.COMPLETION;

import java.util.List;

/**
 * What single servers (FastDeploy, SGLang, llama.cpp, TGI) call their own way, or alone have.
 * Clients that were written for one of them must hear that a wish of theirs is not known here.
 */
final class ForeignField {
  /** Fields that neither OpenAI nor vLLM has. */
  static final List<ApiField> ALL =
      List.of(
          refused("n_predict", BOTH, "-1", "Send 'max_tokens' instead"),
          refused("max_new_tokens", BOTH, null, "Send 'max_tokens' instead"),
          refused("response_max_tokens", CHAT, null, "Send 'max_tokens' instead"),
          refused("min_new_tokens", BOTH, "0", "Send 'min_tokens' instead"),
          refused("repeat_penalty", BOTH, "1", "Send 'repetition_penalty' instead"),
          refused("repeat_last_n", BOTH, "-1", "Penalties count the whole text"),
          refused("penalty_score", BOTH, "1", "Send 'repetition_penalty' instead"),
          refused("n_probs", BOTH, "0", "Send 'logprobs' instead"),
          refused("bad_words_token_ids", BOTH, null, "Send 'bad_words' instead"),
          refused("stop_regex", BOTH, null, "Send 'stop' instead"),
          refused("no_stop_trim", BOTH, null, "Send 'include_stop_str_in_output' instead"),
          refused("prompt_token_ids", BOTH, null, "Send token ids as 'prompt' of completions"),
          refused("input_ids", BOTH, null, "Send token ids as 'prompt' of completions"),
          refused("completion_token_ids", BOTH, null, "Nothing is continued"),
          refused("disable_chat_template", CHAT, null, "Send the text as 'prompt' of completions"),
          refused("enable_thinking", CHAT, ONLY_NULL, "Send it in 'chat_template_kwargs'"),
          refused("thinking", CHAT, ONLY_NULL, "Send it in 'chat_template_kwargs'"),
          refused("reasoning", CHAT, null, "Send 'reasoning_effort' instead"),
          refused("reasoning_max_tokens", CHAT, null, "Thinking is not told from saying"),
          refused("separate_reasoning", CHAT, "true", "Thinking is not told from saying"),
          refused("best_of", CHAT, "1", "Send 'n' instead"),
          refused("do_sample", COMPLETION, "true", "Send a 'temperature', 0 is greedy"),
          refused("samplers", BOTH, null, "The order of sampling is fixed"),
          refused("top_a", BOTH, "0", "This way of sampling is not supported"),
          refused("epsilon_cutoff", BOTH, "0", "This way of sampling is not supported"),
          refused("eta_cutoff", BOTH, "0", "This way of sampling is not supported"),
          refused("smoothing_factor", BOTH, "0", "This way of sampling is not supported"),
          refused("logits_processors_args", BOTH, null, "No code of a client's is run"),
          refused("adapter_id", BOTH, null, "One model is served, without adapters"),
          refused("lora", BOTH, null, "One model is served, without adapters"),
          refused("session_params", BOTH, null, "Each request has its whole text"),
          refused("detokenize", BOTH, ONLY_NULL, "Answers are text"),
          refused("return_hidden_states", BOTH, null, "Hidden states stay in the model"),
          refused("temp_scaled_logprobs", BOTH, null, "'logprobs' are the model's own"),
          refused("top_p_normalized_logprobs", BOTH, null, "'logprobs' are the model's own"),
          refused("post_sampling_probs", BOTH, null, "'logprobs' are the model's own"),
          refused("include_draft_logprobs", BOTH, null, "There is no draft model"),
          refused("timings_per_token", BOTH, null, "Times are in traces and metrics"),
          refused("t_max_predict_ms", BOTH, "0", "Close the connection instead"),
          refused("n_indent", BOTH, "0", "No indent is enforced"),
          ignored("mirostat_tau", "Part of 'mirostat'"),
          ignored("mirostat_eta", "Part of 'mirostat'"),
          ignored("dynatemp_exponent", "Part of 'dynatemp_range'"),
          ignored("xtc_threshold", "Part of 'xtc_probability'"),
          ignored("dry_base", "Part of 'dry_multiplier'"),
          ignored("dry_allowed_length", "Part of 'dry_multiplier'"),
          ignored("dry_penalty_last_n", "Part of 'dry_multiplier'"),
          ignored("dry_sequence_breakers", "Part of 'dry_multiplier'"),
          ignored("cache_prompt", "Prefixes are found by their tokens"),
          ignored("id_slot", "Any place gives the same answer"),
          ignored("data_parallel_rank", "Any engine gives the same answer"),
          ignored("stream_reasoning", "Part of 'separate_reasoning'"),
          ignored("max_streaming_response_tokens", "How an answer is cut, not which"),
          ignored("collect_metrics", "Metrics are always collected"),
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
