package dev.serving.core.config;

import java.time.Duration;

/**
 * What one client may cost.
 *
 * @param connections most open connections
 * @param lineBytes longest request line
 * @param headerBytes most bytes of headers
 * @param bodyBytes most bytes of a body
 * @param requestTimeout longest time from a request's first byte to its last
 * @param idleTimeout longest time that an unused connection stays open
 * @param writeTimeout longest time in which a client takes no byte of its answer
 * @param pendingBytes most bytes of an answer that wait for a client
 */
public record HttpLimits(
    int connections,
    int lineBytes,
    int headerBytes,
    int bodyBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration writeTimeout,
    int pendingBytes) {
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
          1 << 20);

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
  }

  private static void require(boolean holds, String name, Object was) {
    if (!holds) {
      throw new IllegalArgumentException("HTTP limit " + name + " is too small: " + was);
    }
  }

  /** A copy with this many connections. */
  public HttpLimits withConnections(int most) {
    return new HttpLimits(
        most,
        lineBytes,
        headerBytes,
        bodyBytes,
        requestTimeout,
        idleTimeout,
        writeTimeout,
        pendingBytes);
  }

  /** A copy with bodies of at most this many bytes. */
  public HttpLimits withBodyBytes(int most) {
    return new HttpLimits(
        connections,
        lineBytes,
        headerBytes,
        most,
        requestTimeout,
        idleTimeout,
        writeTimeout,
        pendingBytes);
  }

  /** A copy with these times. */
  public HttpLimits withTimeouts(Duration request, Duration idle, Duration write) {
    return new HttpLimits(
        connections, lineBytes, headerBytes, bodyBytes, request, idle, write, pendingBytes);
  }

  /** A copy in which at most this many bytes wait for a client. */
  public HttpLimits withPendingBytes(int most) {
    return new HttpLimits(
        connections,
        lineBytes,
        headerBytes,
        bodyBytes,
        requestTimeout,
        idleTimeout,
        writeTimeout,
        most);
  }
}
