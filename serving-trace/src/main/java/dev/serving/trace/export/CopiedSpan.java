package dev.serving.trace.export;

import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;

/** A span on its second way out: only on the first one does its maker hear that it is settled. */
final class CopiedSpan extends DelegatingSpanData {
  CopiedSpan(SpanData span) {
    super(span);
  }
}
