package dev.serving.core.config;

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
public record HttpLimits(
    int connections,
    int lineBytes,
    int headerBytes,
    int bodyBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration writeTimeout,
    int pendingBytes,
    long memoryBytes) {
  /** Less than this could not hold a few clients. */
  public static final long LEAST_MEMORY = 1 << 20;

  /** Room for long prompts and a few thousand clients. */
  public static final HttpLimits DEFAULT = builder().build();

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
  public static Builder builder() {
    return new Builder();
  }

  /** Collects {@link HttpLimits}. Not for use from several threads. */
  public static final class Builder {
    private int connections = 4096;
    private int lineBytes = 8 << 10;
    private int headerBytes = 32 << 10;
    private int bodyBytes = 16 << 20;
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(75);
    private Duration writeTimeout = Duration.ofSeconds(30);
    private int pendingBytes = 1 << 20;
    private long memoryBytes;

    private Builder() {}

    /** Sets how many connections may be open. */
    public Builder connections(int value) {
      connections = value;
      return this;
    }

    /** Sets how long a request's first line may be. */
    public Builder lineBytes(int value) {
      lineBytes = value;
      return this;
    }

    /** Sets how large a request's headers may be. */
    public Builder headerBytes(int value) {
      headerBytes = value;
      return this;
    }

    /** Sets how large a body may be. */
    public Builder bodyBytes(int value) {
      bodyBytes = value;
      return this;
    }

    /** Sets how long a request may take to arrive. */
    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    /** Sets how long an unused connection stays open. */
    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    /** Sets how long a client may take no byte of its answer. */
    public Builder writeTimeout(Duration value) {
      writeTimeout = value;
      return this;
    }

    /** Sets how many bytes of an answer may wait for a client. */
    public Builder pendingBytes(int value) {
      pendingBytes = value;
      return this;
    }

    /** Sets how many bytes may be held for all clients; 0 is a quarter of the heap. */
    public Builder memoryBytes(long value) {
      memoryBytes = value;
      return this;
    }

    /**
     * Makes the limits.
     *
     * @throws IllegalArgumentException if one is so small that nothing could pass
     */
    public HttpLimits build() {
      return new HttpLimits(
          connections,
          lineBytes,
          headerBytes,
          bodyBytes,
          requestTimeout,
          idleTimeout,
          writeTimeout,
          pendingBytes,
          memoryBytes);
    }
  }
}
