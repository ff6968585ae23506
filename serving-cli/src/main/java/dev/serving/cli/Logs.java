package dev.serving.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** What is logged, beyond what {@code logback.xml} says. */
final class Logs {
  private static final String LIFECYCLE = "dev.serving.requests";

  private Logs() {}

  /** Leaves out the line that the frontend writes at each border between a request's stages. */
  static void hideLifecycle() {
    if (LoggerFactory.getLogger(LIFECYCLE) instanceof Logger logger) {
      logger.setLevel(Level.WARN);
    }
  }
}
