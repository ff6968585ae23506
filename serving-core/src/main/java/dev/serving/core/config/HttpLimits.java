package dev.serving.core.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;

/**
 * What one client may cost, and all of them together.
 *
 * @param connections most open connections
 * @param lineBytes longest request line
 * @param headerBytes most bytes of headers
 * @param bodyBytes most bytes of a body
 * @param requestTimeout longest time from a request's first byte to its last
 * @param idleTimeout longest time that an unused connection stays open
 * @param writeTimeout longest time in which a client takes no byte of its answer
 * @param pendingBytes most bytes of an answer that wait for a client
 * @param memoryBytes most bytes that are held for all clients, of whatever is held for one; 0 is a
 *     quarter of the heap
 */
@RecordBuilder
public record HttpLimits(
    int connections,
    int lineBytes,
    int headerBytes,
    int bodyBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration writeTimeout,
    int pendingBytes,
    long memoryBytes)
    implements HttpLimitsBuilder.With {
  /** Less than this could not hold a few clients. */
  public static final long LEAST_MEMORY = 1 << 20;

  /** Room for long prompts and a few thousand clients. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          4096,
          8 << 10,
          32 << 10,
          16 << 20,
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          1 << 20,
          0);

  /** Refuses limits that nothing could pass. */
  public HttpLimits {
    require(connections >= 1, "connections", connections);
    require(lineBytes >= 256, "lineBytes", lineBytes);
    require(headerBytes >= 1024, "headerBytes", headerBytes);
    require(bodyBytes >= 1024, "bodyBytes", bodyBytes);
    require(
        !requestTimeout.isNegative() && !requestTimeout.isZero(), "requestTimeout", requestTimeout);
    require(!idleTimeout.isNegative() && !idleTimeout.isZero(), "idleTimeout", idleTimeout);
    require(!writeTimeout.isNegative() && !writeTimeout.isZero(), "writeTimeout", writeTimeout);
    require(pendingBytes >= 4096, "pendingBytes", pendingBytes);
    require(memoryBytes == 0 || memoryBytes >= LEAST_MEMORY, "memoryBytes", memoryBytes);
  }

  private static void require(boolean holds, String name, Object was) {
    if (!holds) {
      throw new IllegalArgumentException("HTTP limit " + name + " is too small: " + was);
    }
  }

  /** {@link #memoryBytes}, or a quarter of this process's heap. */
  public long memory() {
    return memoryBytes > 0
        ? memoryBytes
        : Math.max(LEAST_MEMORY, Runtime.getRuntime().maxMemory() / 4);
  }

  /** A builder with every default. */
  public static HttpLimitsBuilder builder() {
    return HttpLimitsBuilder.builder(DEFAULT);
  }
}
