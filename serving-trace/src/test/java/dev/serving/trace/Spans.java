package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.function.UnaryOperator;

/** Finished spans to send, for tests of the way that they go. */
public final class Spans {
  public static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private Spans() {}

  public static SpanData named(String name) {
    return with(builder -> builder.setName(name));
  }

  /** A span that takes about so many bytes on the wire. */
  public static SpanData ofBytes(int bytes) {
    Attributes attributes = Attributes.builder().put("text", "x".repeat(bytes)).build();
    return with(b -> b.setName("large").setAttributes(attributes).setTotalAttributeCount(1));
  }

  public static SpanData with(UnaryOperator<TestSpanData.Builder> change) {
    TestSpanData.Builder builder =
        TestSpanData.builder()
            .setName("PREFILL")
            .setKind(SpanKind.INTERNAL)
            .setSpanContext(
                SpanContext.create(
                    TRACE, "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault()))
            .setStartEpochNanos(1)
            .setEndEpochNanos(2)
            .setHasEnded(true)
            .setStatus(StatusData.unset());
    return change.apply(builder).build();
  }
}
