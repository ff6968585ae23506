package dev.serving.bench.trace;

import java.io.IOException;

/** A receiver of OTLP on the loopback that counts spans and keeps none. */
public interface CountingReceiver extends AutoCloseable {

  /** Where it listens; the same after {@link #stop} and {@link #start}. */
  String endpoint();

  /** Begins to listen; what was counted stays. */
  void start() throws IOException;

  /** Closes the port and all connections. */
  void stop();

  /** Spans that it has answered with success. */
  long spans();

  @Override
  default void close() {
    stop();
  }
}
