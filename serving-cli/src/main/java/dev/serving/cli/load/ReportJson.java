package dev.serving.cli.load;

import dev.serving.cli.load.Times.Quantiles;
import java.util.LinkedHashMap;
import java.util.Map;

/** A result as JSON, with the names of vLLM's results where they mean the same. */
public final class ReportJson {
  private ReportJson() {}

  /** One line of JSON. */
  public static String of(LoadResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    LoadConfig config = result.config();
    json.put("base_url", result.target().base().toString());
    json.put("model_id", result.target().model());
    json.put("seed", config.seed());
    json.put("num_prompts", config.numPrompts());
    json.put("request_rate", config.isOpen() ? config.requestRate() : "inf");
    json.put(
        "max_concurrency",
        config.maxConcurrency() == Integer.MAX_VALUE ? null : config.maxConcurrency());
    json.put("duration", result.seconds());
    json.put("completed", result.completed());
    json.put("failed", result.failed());
    json.put("cancelled", result.cancelled());
    json.put("total_input_tokens", result.inputTokens());
    json.put("total_output_tokens", result.outputTokens());
    json.put("request_throughput", result.requestThroughput());
    json.put("output_throughput", result.outputThroughput());
    json.put("total_token_throughput", result.totalThroughput());
    json.put("max_output_tokens_per_s", result.peakOutput());
    json.put("max_concurrent_requests", result.mostOpen());
    times(json, "ttft", result.firstToken());
    times(json, "tpot", result.perToken());
    times(json, "itl", result.betweenTokens());
    times(json, "e2el", result.endToEnd());
    json.put("errors", result.errors());
    json.put("partial", result.isPartial());
    if (result.isPartial()) {
      json.put("open_at_end", result.openAtEnd().getAsInt());
    }
    return Api.JSON.writeValueAsString(json);
  }

  /** Null where there was none: a zero would be a time. */
  private static void times(Map<String, Object> json, String name, Quantiles q) {
    boolean any = q.count() > 0;
    json.put("mean_" + name + "_ms", any ? q.mean() : null);
    json.put("median_" + name + "_ms", any ? q.p50() : null);
    json.put("std_" + name + "_ms", any ? q.std() : null);
    json.put("p50_" + name + "_ms", any ? q.p50() : null);
    json.put("p90_" + name + "_ms", any ? q.p90() : null);
    json.put("p99_" + name + "_ms", any ? q.p99() : null);
    json.put("max_" + name + "_ms", any ? q.max() : null);
  }
}
