package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageEntryMetadata;
import io.opentelemetry.context.Context;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** This shows what becomes of carriers that went through other hands: mappers, servers, proxies. */
class OddCarriersTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String ROOT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String PREVIOUS = "00-" + TRACE + "-00f067aa0ba902b7-01";

  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  private String previousOf(TraceCarrier carrier) {
    try (TraceThreadContext lane = recorder.tracing().joinRequest("r", carrier).lane()) {
      lane.slice("S").end();
    }
    var links = recorder.span("S").links();
    return links.isEmpty() ? "" : links.get(0).spanId();
  }

  @Test
  void namesInOtherLettersAreRead() {
    Map<String, Object> shouted = new HashMap<>();
    TraceCarrier.fromMap(Map.of("root", ROOT, "prev", PREVIOUS, "tracestate", "a=1"))
        .toMap()
        .forEach((key, value) -> shouted.put(key.toUpperCase(Locale.ROOT), value));
    TraceCarrier carrier = TraceCarrier.fromMap(shouted);
    assertThat(carrier.toMap()).containsEntry("tracestate", "a=1");
    assertThat(previousOf(carrier)).isEqualTo("00f067aa0ba902b7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"traceparent", "Traceparent"})
  void whatAPropagatorWroteNamesTheRoot(String name) {
    TraceCarrier carrier = TraceCarrier.fromMap(Map.of(name, ROOT, "baggage", "tenant=a"));
    assertThat(carrier.toMap()).containsEntry("root", ROOT).containsEntry("baggage", "tenant=a");
  }

  @ParameterizedTest
  @CsvSource({
    "00-" + TRACE + "-b7ad6b7169203331-01, true",
    "01-" + TRACE + "-b7ad6b7169203331-01, true",
    "cc-" + TRACE + "-b7ad6b7169203331-01-what-else, true",
    "00-" + TRACE + "-b7ad6b7169203331-01-what-else, false",
    "ff-" + TRACE + "-b7ad6b7169203331-01, false",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
    "00-" + TRACE + "-0000000000000000-01, false",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01, false",
    "00-" + TRACE + "-b7ad6b7169203331, false",
    "00-" + TRACE + "-b7ad6b716920333\u00e9-01, false",
  })
  void aRootIsWhatTheW3cSaysThatItIs(String root, boolean usable) {
    TraceCarrier carrier = TraceCarrier.fromMap(Map.of("root", root));
    assertThat(carrier.isNone()).isNotEqualTo(usable);
    recorder.tracing().joinRequest("r", carrier).lane().finish();
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isEqualTo(usable ? 0 : 1);
  }

  /** As Gson reads whole numbers, where they lose digits. */
  @Test
  void aPreviousSpanThatCannotBeReadIsCounted() {
    Map<String, Object> carrier = new LinkedHashMap<>();
    carrier.put("root_span", Map.of("traceparent", ROOT));
    carrier.put("prev_span", Map.of("span_id", 6.76E16, "trace_id", 1.4E37));
    assertThat(previousOf(TraceCarrier.fromMap(carrier))).isEmpty();
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isEqualTo(1);
    TraceFunctions.processTracingInit(recorder.tracing());
    TraceFunctions.traceSetProcPropagateContext("f", TraceCarrier.fromMap(carrier));
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isEqualTo(2);
    TraceFunctions.traceReqFinish("f");
  }

  @Test
  void noPreviousSpanIsNothingToCount() {
    for (Object none : new Object[] {"None", "", null}) {
      Map<String, Object> carrier = new HashMap<>(Map.of("root_span", Map.of("traceparent", ROOT)));
      carrier.put("prev_span", none);
      recorder.tracing().joinRequest("r", TraceCarrier.fromMap(carrier)).lane().finish();
    }
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isZero();
  }

  @Test
  void javasSerializationKeepsIt() throws Exception {
    TraceCarrier sent = TraceCarrier.fromMap(Map.of("root", ROOT, "prev", PREVIOUS, "level", "2"));
    for (TraceCarrier carrier : new TraceCarrier[] {sent, TraceCarrier.none()}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(carrier);
      }
      var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      assertThat(in.readObject()).isEqualTo(carrier);
    }
  }

  @Test
  void baggageKeepsItsMetadataAndOtherScripts() {
    Context with =
        Baggage.builder()
            .put("tenant", "\u00e4 b,c;d", BaggageEntryMetadata.create("ttl=3"))
            .build()
            .storeInContext(Context.root());
    TraceReqContext request =
        recorder.tracing().startRequest(TraceReqStart.of("r").withParent(with));
    TraceCarrier carrier = TraceCarrier.fromBytes(request.carrier().toBytes());
    Context there = recorder.tracing().joinRequest("r", carrier).context();
    request.finish();
    assertThat(Baggage.fromContext(there)).isEqualTo(Baggage.fromContext(with));
  }
}
