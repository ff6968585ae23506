package dev.serving.viewer.store;

import java.util.Arrays;
import java.util.Locale;

/** What part a span plays in a call; numbered as in OTLP. */
public enum SpanKind {
  /** Not said. */
  UNSPECIFIED(0),
  /** Inside one process. */
  INTERNAL(1),
  /** Answers a request. */
  SERVER(2),
  /** Sends a request. */
  CLIENT(3),
  /** Hands a message on. */
  PRODUCER(4),
  /** Takes a message. */
  CONSUMER(5);

  private final int number;

  SpanKind(int number) {
    this.number = number;
  }

  public static SpanKind ofNumber(int number) {
    return Arrays.stream(values())
        .filter(kind -> kind.number == number)
        .findFirst()
        .orElse(UNSPECIFIED);
  }

  public int number() {
    return number;
  }

  /** The name in lower case, as Jaeger's {@code span.kind} has it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
