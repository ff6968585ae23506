package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** An exception as OpenTelemetry's conventions tell it; hostile ones included. */
final class ExceptionAttributes {
  static final String EVENT = "exception";
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> TYPE = AttributeKey.stringKey("exception.type");
  static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("exception.message");
  static final AttributeKey<String> STACK = AttributeKey.stringKey("exception.stacktrace");

  private ExceptionAttributes() {}

  static String type(Throwable error) {
    String canonical = error.getClass().getCanonicalName();
    return canonical == null ? error.getClass().getName() : canonical;
  }

  /** Returns the exception's message; an exception may throw when asked for it. */
  static String message(Throwable error) {
    try {
      return error.getMessage() == null ? "" : error.getMessage();
    } catch (RuntimeException hostile) {
      return "";
    }
  }

  static Attributes of(Throwable error, SpanLimits limits) {
    RecordedAttributes attributes = RecordedAttributes.of(Attributes.empty());
    attributes.put(TYPE, type(error), limits);
    attributes.put(MESSAGE, message(error), limits);
    attributes.put(STACK, stack(error), limits);
    return attributes;
  }

  /** The same, and what its teller says besides; null is nothing. */
  static Attributes of(Throwable error, @Nullable Attributes more, SpanLimits limits) {
    Attributes own = of(error, limits);
    return more == null ? own : own.toBuilder().putAll(more).build();
  }

  private static String stack(Throwable error) {
    StringWriter text = new StringWriter();
    try {
      error.printStackTrace(new PrintWriter(text, true));
    } catch (RuntimeException hostile) {
      return type(error);
    }
    return text.toString();
  }
}
