package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** This shows how a request becomes part of its caller's trace. */
class ExtractTest {
  private static final Map<String, String> HEADERS =
      Map.of(
          "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "tracestate", "a=1",
          "baggage", "user=ann");

  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  private static final class Getter implements TextMapGetter<Map<String, String>> {
    @Override
    public Iterable<String> keys(Map<String, String> headers) {
      return headers.keySet();
    }

    @Override
    public String get(Map<String, String> headers, String key) {
      return headers.get(key);
    }
  }

  @Test
  void theCallersSpanIsTheParentAndItsBaggageGoesOn() {
    Context parent = recorder.tracing().extract(HEADERS, new Getter());
    TraceReqContext request =
        recorder.tracing().startRequest(TraceReqStart.of("r").withParent(parent));
    assertThat(Baggage.fromContext(request.context()).getEntryValue("user")).isEqualTo("ann");
    request.finish();
    assertThat(recorder.span("Req").parentId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void onlyTheConfiguredHeadersAreRead() {
    Tracing tracing = recorder.restart(c -> c.propagators(Set.of("baggage")));
    Context parent = tracing.extract(HEADERS, new Getter());
    assertThat(Span.fromContext(parent).getSpanContext().isValid()).isFalse();
    assertThat(Baggage.fromContext(parent).size()).isEqualTo(1);
  }

  @Test
  void headersThatThrowAreNoHeaders() {
    Context parent = recorder.tracing().extract(null, new Getter());
    assertThat(parent).isEqualTo(Context.root());
  }

  @Test
  void whereTracingIsOffWhatCameInGoesOn() {
    Tracing off = Tracing.noop();
    TraceReqContext request =
        off.startRequest(TraceReqStart.of("r").withParent(off.extract(HEADERS, new Getter())));
    Map<String, String> sent = new HashMap<>();
    off.inject(request.context(), sent, Map::put);
    assertThat(sent.get("traceparent")).contains("b7ad6b7169203331");
    assertThat(sent.get("baggage")).isEqualTo("user=ann");
    assertThat(request.carrier().info().orElseThrow().spanId()).isEqualTo("b7ad6b7169203331");
  }
}
