package dev.serving.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;

/** A stack trace, by {@link SafeText}. */
final class SafeThrowable extends ThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy throwable) {
    return SafeText.of(super.throwableProxyToString(throwable), true);
  }
}
