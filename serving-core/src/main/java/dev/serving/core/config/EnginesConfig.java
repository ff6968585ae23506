package dev.serving.core.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;

/**
 * How the frontend keeps its engines.
 *
 * @param count data-parallel ranks: engines side by side
 * @param heartbeat time between signs of life to an engine
 * @param silence an engine that says nothing for so long is stuck: it is ended and started anew
 * @param firstRestart wait before an engine is started anew that has failed twice and not served
 *     since; a first restart comes at once. Doubles with each further failure
 * @param longestRestart most wait before a restart
 * @param queue most requests that wait to be sent to an engine
 */
@RecordBuilder
public record EnginesConfig(
    int count,
    Duration heartbeat,
    Duration silence,
    Duration firstRestart,
    Duration longestRestart,
    int queue)
    implements EnginesConfigBuilder.With {
  /** One engine, told dead after a second. */
  public static final EnginesConfig DEFAULT =
      new EnginesConfig(
          1,
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          4096);

  /** Refuses settings under which no engine could live. */
  public EnginesConfig {
    if (count < 1) {
      throw new IllegalArgumentException("--data-parallel-size must be at least 1, was " + count);
    }
    if (heartbeat.toMillis() < 1 || silence.compareTo(heartbeat) <= 0) {
      throw new IllegalArgumentException(
          "engine silence must be longer than the heartbeat: " + silence + ", " + heartbeat);
    }
    if (firstRestart.toMillis() < 1 || longestRestart.compareTo(firstRestart) < 0) {
      throw new IllegalArgumentException(
          "restart waits must rise: " + firstRestart + ", " + longestRestart);
    }
    if (queue < 1) {
      throw new IllegalArgumentException("engine queue must be at least 1, was " + queue);
    }
  }

  /** A copy that waits so long before restarts. */
  public EnginesConfig withRestarts(Duration first, Duration longest) {
    return new EnginesConfig(count, heartbeat, silence, first, longest, queue);
  }
}
