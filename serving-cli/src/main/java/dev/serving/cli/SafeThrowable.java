package dev.serving.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;

/** {@code %safeEx} in {@code logback.xml}: a stack trace, by {@link SafeText}. */
public final class SafeThrowable extends ThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy throwable) {
    return SafeText.of(super.throwableProxyToString(throwable), true);
  }
}
