package dev.serving.trace.export;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;

/** Carries spans to where they go. Shared by all senders, so safe for several threads. */
interface SpanCourier extends AutoCloseable {

  /** Tries once to deliver the spans, and waits no longer than this for what comes of it. */
  SpanReceipt send(List<SpanData> spans, Duration timeout) throws InterruptedException;

  /** Gives up running attempts and frees what is held. May be called from any thread, twice. */
  @Override
  void close();
}
