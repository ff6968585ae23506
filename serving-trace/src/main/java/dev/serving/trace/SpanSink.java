package dev.serving.trace;

import io.opentelemetry.sdk.trace.data.SpanData;

/** Takes finished spans from the threads that made them. Never blocks and never throws. */
@FunctionalInterface
interface SpanSink {

  /** Takes a span that will not change any more. May be called from any thread. */
  void accept(SpanData span);
}
