package dev.serving.trace;

import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

/** The span of an instrumentation that is not ours, current until it is closed. */
final class ForeignSpan implements AutoCloseable {
  private final Span span;
  private final Scope scope;

  ForeignSpan(TraceRecorder recorder, String name) {
    this(recorder, Context.root(), name);
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with this
  ForeignSpan(TraceRecorder recorder, Context parent, String name) {
    SpanProcessor out = SimpleSpanProcessor.create(recorder.foreignExporter());
    // Not closed: that would make the exporter forget what it has seen.
    SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(out).build();
    span = provider.get("foreign").spanBuilder(name).setParent(parent).startSpan();
    scope = Context.root().with(span).makeCurrent();
  }

  boolean isOpen() {
    return span.isRecording();
  }

  /** Ends the span but leaves it current, as a careless instrumentation does. */
  Scope leak() {
    span.end();
    return scope;
  }

  @Override
  public void close() {
    scope.close();
    span.end();
  }
}
