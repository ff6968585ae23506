package dev.serving.core.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Objects;

/**
 * Settings of the frontend.
 *
 * @param modelName the name under which the model is served
 * @param listen where it listens
 * @param apiKeys keys that clients need
 * @param limits what one client may cost
 * @param pools threads
 * @param maxRequests most open requests for text
 * @param generationTimeout longest time a request may take from its first byte; then it is ended
 * @param engines how it keeps its engines
 * @param shutdownTimeout how long running requests may go on when the server ends
 * @param lifecycle how the borders between a request's stages are logged
 * @param ledgerBytes how much the notes of each engine's last steps may take, from which it tells
 *     why a request was slow
 */
@RecordBuilder
public record FrontendConfig(
    String modelName,
    ListenConfig listen,
    ApiKeys apiKeys,
    HttpLimits limits,
    Pools pools,
    int maxRequests,
    Duration generationTimeout,
    EnginesConfig engines,
    Duration shutdownTimeout,
    LifecycleFormat lifecycle,
    long ledgerBytes)
    implements FrontendConfigBuilder.With {

  /** Refuses settings that cannot be, naming the option. */
  public FrontendConfig {
    if (modelName == null || modelName.isBlank()) {
      throw new IllegalArgumentException("--served-model-name must not be blank");
    }
    Objects.requireNonNull(listen, "listen");
    Objects.requireNonNull(apiKeys, "apiKeys");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(pools, "pools");
    Objects.requireNonNull(engines, "engines");
    Objects.requireNonNull(lifecycle, "lifecycle");
    if (maxRequests < 1) {
      throw new IllegalArgumentException("--max-requests must be at least 1, was " + maxRequests);
    }
    if (generationTimeout.isNegative() || generationTimeout.isZero()) {
      throw new IllegalArgumentException(
          "--request-timeout must be above 0, was " + generationTimeout.toSeconds());
    }
    if (ledgerBytes < 0) {
      throw new IllegalArgumentException("--ledger-bytes must not be negative, was " + ledgerBytes);
    }
    if (shutdownTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "--shutdown-timeout must not be negative, was " + shutdownTimeout.toSeconds());
    }
  }

  /** A builder with every default: loopback, port 8000, no key, one engine. */
  public static FrontendConfigBuilder builder(String modelName) {
    return FrontendConfigBuilder.builder()
        .modelName(modelName)
        .listen(ListenConfig.DEFAULT)
        .apiKeys(ApiKeys.none())
        .limits(HttpLimits.DEFAULT)
        .pools(Pools.of(Runtime.getRuntime().availableProcessors()))
        .maxRequests(1024)
        .generationTimeout(Duration.ofMinutes(30))
        .engines(EnginesConfig.DEFAULT)
        .shutdownTimeout(Duration.ofSeconds(30))
        .lifecycle(LifecycleFormat.TEXT)
        .ledgerBytes(64 << 20);
  }

  /**
   * Threads of the frontend.
   *
   * @param http event loops
   * @param preprocess threads that render and tokenize prompts
   * @param postprocess threads that turn tokens into answers
   */
  public record Pools(int http, int preprocess, int postprocess) {
    private static final int CORES_A_THREAD = 4;
    private static final int MOST = 4;

    /** Refuses pools without threads. */
    public Pools {
      if (http < 1 || preprocess < 1 || postprocess < 1) {
        throw new IllegalArgumentException(
            "each pool needs at least one thread: http %d, preprocess %d, postprocess %d"
                .formatted(http, preprocess, postprocess));
      }
    }

    /**
     * What a machine of so many cores needs: an event loop for each four of them and as many
     * threads that make text, from one to four. To wake a second thread takes longer than a token's
     * work does, and the cores are the engines'.
     */
    public static Pools of(int cores) {
      int threads = Math.max(1, Math.min(MOST, cores / CORES_A_THREAD));
      return new Pools(threads, 2, threads);
    }
  }
}
