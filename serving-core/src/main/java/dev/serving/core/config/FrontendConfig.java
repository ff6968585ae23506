package dev.serving.core.config;

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
 * @param forceTraceHeader whether the header {@code x-trace-force: 1} has a request sampled
 * @param jsonLog whether the lifecycle log is JSON
 */
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
    boolean forceTraceHeader,
    boolean jsonLog) {

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
    if (maxRequests < 1) {
      throw new IllegalArgumentException("--max-requests must be at least 1, was " + maxRequests);
    }
    if (generationTimeout.isNegative() || generationTimeout.isZero()) {
      throw new IllegalArgumentException(
          "--request-timeout must be above 0, was " + generationTimeout);
    }
    if (shutdownTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "--shutdown-timeout must not be negative, was " + shutdownTimeout);
    }
  }

  /** Loopback, port 8000, no key, one engine. */
  public static FrontendConfig of(String modelName) {
    return new FrontendConfig(
        modelName,
        ListenConfig.DEFAULT,
        ApiKeys.none(),
        HttpLimits.DEFAULT,
        Pools.DEFAULT,
        1024,
        Duration.ofMinutes(30),
        EnginesConfig.DEFAULT,
        Duration.ofSeconds(30),
        false,
        false);
  }

  /**
   * Threads of the frontend.
   *
   * @param http event loops
   * @param preprocess threads that render and tokenize prompts
   * @param postprocess threads that turn tokens into answers
   */
  public record Pools(int http, int preprocess, int postprocess) {
    /** Two of each. */
    public static final Pools DEFAULT = new Pools(2, 2, 2);

    /** Refuses pools without threads. */
    public Pools {
      if (http < 1 || preprocess < 1 || postprocess < 1) {
        throw new IllegalArgumentException(
            "each pool needs at least one thread: http %d, preprocess %d, postprocess %d"
                .formatted(http, preprocess, postprocess));
      }
    }
  }

  /** A copy that listens there. */
  public FrontendConfig withListen(ListenConfig newListen) {
    return new FrontendConfig(
        modelName,
        newListen,
        apiKeys,
        limits,
        pools,
        maxRequests,
        generationTimeout,
        engines,
        shutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy that asks for these keys. */
  public FrontendConfig withApiKeys(ApiKeys newApiKeys) {
    return new FrontendConfig(
        modelName,
        listen,
        newApiKeys,
        limits,
        pools,
        maxRequests,
        generationTimeout,
        engines,
        shutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy with these limits. */
  public FrontendConfig withLimits(HttpLimits newLimits) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        newLimits,
        pools,
        maxRequests,
        generationTimeout,
        engines,
        shutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy with these threads. */
  public FrontendConfig withPools(Pools newPools) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        limits,
        newPools,
        maxRequests,
        generationTimeout,
        engines,
        shutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy that takes this many open requests. */
  public FrontendConfig withMaxRequests(int newMaxRequests) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        limits,
        pools,
        newMaxRequests,
        generationTimeout,
        engines,
        shutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy that ends requests after this time. */
  public FrontendConfig withGenerationTimeout(Duration newGenerationTimeout) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        limits,
        pools,
        maxRequests,
        newGenerationTimeout,
        engines,
        shutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy that keeps its engines so. */
  public FrontendConfig withEngines(EnginesConfig newEngines) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        limits,
        pools,
        maxRequests,
        generationTimeout,
        newEngines,
        shutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy that waits so long at its end. */
  public FrontendConfig withShutdownTimeout(Duration newShutdownTimeout) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        limits,
        pools,
        maxRequests,
        generationTimeout,
        engines,
        newShutdownTimeout,
        forceTraceHeader,
        jsonLog);
  }

  /** A copy that lets clients force a trace, or not. */
  public FrontendConfig withForceTraceHeader(boolean newForceTraceHeader) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        limits,
        pools,
        maxRequests,
        generationTimeout,
        engines,
        shutdownTimeout,
        newForceTraceHeader,
        jsonLog);
  }

  /** A copy whose lifecycle log is JSON, or not. */
  public FrontendConfig withJsonLog(boolean newJsonLog) {
    return new FrontendConfig(
        modelName,
        listen,
        apiKeys,
        limits,
        pools,
        maxRequests,
        generationTimeout,
        engines,
        shutdownTimeout,
        forceTraceHeader,
        newJsonLog);
  }
}
