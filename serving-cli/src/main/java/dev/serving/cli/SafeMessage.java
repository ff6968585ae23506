package dev.serving.cli;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** {@code %safe} in {@code logback.xml}: a log's message on one line, by {@link SafeText}. */
public final class SafeMessage extends MessageConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return SafeText.of(super.convert(event), false);
  }
}
