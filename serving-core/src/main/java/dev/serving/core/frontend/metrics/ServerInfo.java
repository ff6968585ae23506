package dev.serving.core.frontend.metrics;

import dev.serving.core.config.Deployment;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.WorkerConfig;
import io.prometheus.metrics.core.metrics.Info;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the server is: settings that other families can be joined with. */
public final class ServerInfo {
  private ServerInfo() {}

  /** Registers {@code serving_info}, whose value is 1. */
  public static void register(Metrics metrics, FrontendConfig config, Deployment deployment) {
    Map<String, String> labels = labels(config, deployment);
    Info.builder()
        .name("serving_info")
        .help("What this server is and serves; always 1.")
        .labelNames(labels.keySet().toArray(String[]::new))
        .register(metrics.registry())
        .setLabelValues(labels.values().toArray(String[]::new));
  }

  private static Map<String, String> labels(FrontendConfig config, Deployment deployment) {
    WorkerConfig worker = deployment.engine().worker();
    Map<String, Object> labels = new LinkedHashMap<>();
    labels.put("version", deployment.version());
    labels.put("java_version", System.getProperty("java.version"));
    labels.put("model", config.modelName());
    labels.put("dtype", worker.weights().name().toLowerCase(Locale.ROOT));
    labels.put("tensor_parallel_size", deployment.engine().tensorParallel());
    labels.put("data_parallel_size", config.engines().count());
    labels.put("block_size", worker.cache().blockSize());
    labels.put("prefix_caching", worker.cache().prefixReuse());
    labels.put("max_num_seqs", worker.scheduler().maxSequences());
    labels.put("max_num_batched_tokens", worker.scheduler().maxBatchedTokens());
    labels.put("max_waiting", worker.scheduler().maxWaiting());
    labels.put("max_requests", config.maxRequests());
    Map<String, String> texts = new LinkedHashMap<>();
    labels.forEach((name, value) -> texts.put(name, value.toString()));
    return texts;
  }
}
