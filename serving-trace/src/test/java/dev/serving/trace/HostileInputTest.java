package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random, mutated and hostile input is ignored: nothing throws, nothing grows. Runs {@code
 * -Dtrace.fuzz=1000000} times, by default less.
 */
class HostileInputTest {
  private static final int RUNS = Integer.getInteger("trace.fuzz", 20_000);
  private static final String ROOT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  private final Random random = new Random(42);
  private final TraceCarrier good =
      TraceCarrier.fromMap(
          Map.of("root", ROOT, "prev", ROOT, "tracestate", "a=1", "level", "2", "start", "1"));

  private byte[] mutated(byte[] bytes) {
    byte[] mutant = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && mutant.length > 0; i--) {
      mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(mutant.length + 1) : mutant.length;
    return Arrays.copyOf(mutant, length);
  }

  private String text() {
    byte[] bytes = new byte[random.nextInt(120)];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private Object value(int depth) {
    return switch (random.nextInt(depth > 3 ? 7 : 9)) {
      case 0 -> text();
      case 1 -> new String(mutated(ROOT.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
      case 2 -> random.nextLong();
      case 3 -> new BigInteger(random.nextInt(300), random);
      case 4 -> random.nextDouble();
      case 5 -> ROOT;
      case 6 -> "None";
      case 7 -> List.of(text());
      default -> map(depth + 1);
    };
  }

  private Map<String, Object> map(int depth) {
    List<String> keys =
        List.of(
            "root",
            "prev",
            "tracestate",
            "level",
            "start",
            "root_span",
            "prev_span",
            "span_id",
            "trace_id",
            "traceparent",
            "root_span_context",
            "last_span_context",
            "trace_level");
    Map<String, Object> map = new HashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      map.put(keys.get(random.nextInt(keys.size())), value(depth));
    }
    return map;
  }

  /** What was read is usable in full, or is none. */
  private void use(TraceCarrier carrier) {
    TraceReqContext copy = recorder.tracing().joinRequest("r", carrier, 0);
    try (TraceThreadContext lane = copy.lane()) {
      lane.previous(carrier);
      lane.slice("A").link(carrier).replaceLink(carrier).end();
      assertThat(lane.carrier().toBytes().length).isLessThanOrEqualTo(TraceCarrier.MAX_BYTES);
    }
    copy.finish();
    assertThat(TraceCarrier.fromBytes(carrier.toBytes())).isEqualTo(carrier);
    assertThat(TraceCarrier.fromMap(carrier.toMap())).isEqualTo(carrier);
  }

  @Test
  void randomAndMutatedCarriersNeverThrow() {
    recorder.tracing().level(1);
    byte[] bytes = good.toBytes();
    for (int i = 0; i < RUNS; i++) {
      use(TraceCarrier.fromBytes(mutated(bytes)));
      use(TraceCarrier.fromMap(map(0)));
    }
    assertThat(((RealTracing) recorder.tracing()).open().size()).isZero();
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isPositive();
    assertThat(recorder.faults(TraceFault.INTERNAL)).isZero();
  }

  @Test
  void randomAndMutatedHeadersNeverThrow() {
    TraceFunctions.processTracingInit(recorder.tracing());
    byte[] header = RemoteContexts.write(Map.of("7", good)).getBytes(StandardCharsets.ISO_8859_1);
    byte[] json =
        CarrierJson.write(Map.of("7", good.toFastDeployMap())).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < RUNS; i++) {
      TraceFunctions.traceSetRemotePropagateContext(
          new String(mutated(header), StandardCharsets.ISO_8859_1));
      TraceFunctions.traceSetRemotePropagateContext(
          Base64.getEncoder().encodeToString(mutated(json)));
      TraceFunctions.traceSetRemotePropagateContext(text());
    }
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isPositive();
  }

  @Test
  void aMapThatThrowsIsUnusable() {
    Map<String, Object> hostile =
        new AbstractMap<>() {
          @Override
          public Set<Map.Entry<String, Object>> entrySet() {
            throw new IllegalStateException("hostile");
          }
        };
    assertThat(TraceCarrier.fromMap(hostile).isNone()).isTrue();
  }

  @Test
  void deepJsonIsRefusedNotFollowed() {
    TraceFunctions.processTracingInit(recorder.tracing());
    String deep = "{\"a\":".repeat(9_000);
    TraceFunctions.traceSetRemotePropagateContext(
        Base64.getEncoder().encodeToString(deep.getBytes(StandardCharsets.UTF_8)));
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isEqualTo(1);
  }

  @Test
  void attributesEventsAndLinksStopAtTheirLimits() {
    Tracing tracing =
        recorder.restart(
            c ->
                c.limits(
                    l ->
                        l.toBuilder()
                            .setMaxNumberOfAttributes(4)
                            .setMaxAttributeValueLength(10)
                            .setMaxNumberOfEvents(3)
                            .setMaxNumberOfAttributesPerEvent(1)
                            .setMaxNumberOfLinks(2)
                            .build()));
    TraceReqContext request = tracing.startRequest(TraceReqStart.of("x".repeat(100_000)));
    TraceSlice slice = request.lane().slice("A");
    Attributes two = Attributes.builder().put("a", "y".repeat(99)).put("b", 1).build();
    for (int i = 0; i < 100; i++) {
      slice.set("key" + i, "z".repeat(1000)).event("e", 0, two).link(good);
      slice.set(AttributeKey.stringArrayKey("key0"), List.of("z".repeat(1000)));
    }
    slice.end();
    request.finish();
    SeenSpan seen = recorder.span("A");
    assertThat(seen.attributes()).hasSize(4).containsEntry("key0", List.of("z".repeat(10)));
    assertThat(seen.events()).hasSize(3);
    assertThat(seen.events().get(0).attributes()).hasSize(1);
    assertThat(seen.links()).hasSize(2);
    assertThat(recorder.span("Req").attribute("rid")).isEqualTo("x".repeat(10));
  }

  @Test
  void nullIsTakenEverywhere() {
    Tracing tracing = recorder.tracing();
    tracing.threadInfo(null, null, null);
    tracing.modules(null);
    tracing.startRequest(null).finish();
    tracing.joinRequest(null, null, 0, null).lane().close();
    TraceReqContext request = tracing.startRequest(null);
    request.set(null).event(null, 0, null).error(null, null).child(null).finish();
    TraceThreadContext lane = request.lane();
    lane.previous(null);
    lane.event(null, 0, null).set(null);
    lane.report(null, 0, 0, null);
    TraceSlice slice = lane.slice(null);
    slice.set(null).set((AttributeKey<String>) null, null).set((String) null, (String) null);
    slice.event(null, 0, null).link(null).replaceLink(null).name(null).error(null);
    slice.next(null).end();
    lane.anonymous(0).end();
    request.abort(0, null);
    assertThat(recorder.spans()).isNotEmpty();
    assertThat(recorder.faults(TraceFault.INTERNAL)).isZero();
  }
}
