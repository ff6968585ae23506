package dev.serving.trace;

import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** This shows how traces live beside an OpenTelemetry that is the application's own. */
class OthersHousesTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  /** Keeps only spans that are none of ours, as the bridge of the Java agent does. */
  private record Bridge(Context kept) implements Context {
    @Override
    public <V> V get(ContextKey<V> key) {
      return kept.get(key);
    }

    @Override
    public <V> Context with(ContextKey<V> key, V value) {
      boolean ours = value instanceof Span span && span.getClass().getName().contains(".trace.");
      boolean refused = ours && value.getClass().getName().startsWith("dev.serving");
      return new Bridge(refused ? kept : kept.with(key, value));
    }
  }

  @Test
  void underABridgeThatTakesNoSpanOfOursARequestIsAWholeTrace() {
    recorder.tracing().threadInfo("main");
    TraceReqContext request =
        recorder
            .tracing()
            .startRequest(TraceReqStart.of("r").withParent(new Bridge(Context.root())));
    TraceCarrier carrier = request.carrier();
    try (TraceThreadContext lane = request.lane();
        TraceSlice slice = lane.slice("S")) {
      Span inRequest = Span.fromContext(request.context());
      assertThat(inRequest.getSpanContext().getTraceId())
          .isEqualTo(carrier.info().orElseThrow().traceId());
      assertThat(Span.fromContext(slice.context()).getSpanContext().isValid()).isTrue();
    }
    request.finish();
    assertThat(recorder.span("S").isChildOf(recorder.span("main"))).isTrue();
    assertThat(recorder.span("main").isChildOf(recorder.span("Req"))).isTrue();
    assertThat(recorder.span("Req").spanId()).isEqualTo(carrier.info().orElseThrow().spanId());
  }

  @Test
  void aForeignSpanHangsUnderTheSliceItIsMadeIn() {
    recorder.tracing().level(TraceLevel.STAGES);
    try (TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
        TraceThreadContext lane = request.lane();
        TraceSlice slice = lane.slice("S").kind(SpanKind.CLIENT);
        Scope current = slice.makeCurrent()) {
      assertThat(current).isNotNull();
      Span.current().setAttribute("said", "by others").addEvent("theirs").updateName("no").end();
      try (ForeignSpan call = new ForeignSpan(recorder, Context.current(), "GET /db")) {
        assertThat(call.isOpen()).isTrue();
      }
      try (TraceSlice detail = lane.slice("left out", TraceLevel.DETAILS);
          Scope inDetail = detail.makeCurrent();
          ForeignSpan call = new ForeignSpan(recorder, Context.current(), "GET /cache")) {
        assertThat(inDetail).isNotNull();
        assertThat(call.isOpen()).isTrue();
      }
    }
    SeenSpan slice = recorder.span("S");
    assertThat(recorder.span("GET /db").isChildOf(slice)).isTrue();
    assertThat(recorder.span("GET /cache").isChildOf(slice)).isTrue();
    assertThat(slice.attributes()).containsEntry("said", "by others");
    assertThat(slice.events()).extracting(SeenSpan.Event::name).containsExactly("theirs");
    assertThat(slice.kind()).isEqualTo("CLIENT");
  }

  @Test
  void baggageTravelsInTheCarrierInEveryShape() {
    Context caller = Baggage.builder().put("user", "ann").build().storeInContext(Context.root());
    try (TraceReqContext request =
        recorder.tracing().startRequest(TraceReqStart.of("r").withParent(caller))) {
      TraceCarrier carrier = request.carrier();
      for (TraceCarrier there :
          List.of(
              TraceCarrier.fromBytes(carrier.toBytes()),
              TraceCarrier.fromMap(carrier.toMap()),
              TraceCarrier.fromMap(carrier.toFastDeployMap()))) {
        TraceReqContext copy = recorder.tracing().joinRequest("r", there);
        assertThat(Baggage.fromContext(copy.context()).getEntryValue("user")).isEqualTo("ann");
        assertThat(copy.carrier().toMap()).containsEntry("baggage", "user=ann");
      }
    }
  }

  @Test
  void whenTheHostsClockIsSteppedNewRequestsFollowItAndOpenOnesDoNot() {
    AtomicLong nanos = new AtomicLong(5);
    AtomicLong wall = new AtomicLong(T);
    TraceClock clock = TraceClock.of(nanos::get, wall::get);
    long before = clock.anchor();
    nanos.addAndGet(1_000);
    wall.addAndGet(1_000 + TimeUnit.SECONDS.toNanos(90));
    clock.follow();
    assertThat(clock.now()).isEqualTo(wall.get());
    assertThat(clock.now(before)).isEqualTo(T + 1_000);
    wall.addAndGet(-TimeUnit.MINUTES.toNanos(10));
    clock.follow();
    assertThat(clock.now()).isEqualTo(wall.get());
    wall.addAndGet(TimeUnit.MILLISECONDS.toNanos(20));
    clock.follow();
    assertThat(clock.now()).as("slewed, not stepped").isLessThan(wall.get());
  }

  @Test
  void afterTheCloseNothingIsRecordedAndNothingKept() {
    TraceReqContext open = recorder.tracing().startRequest(TraceReqStart.of("open"));
    recorder.tracing().close();
    assertThat(open.recording()).isFalse();
    TraceReqContext late = recorder.tracing().startRequest(TraceReqStart.of("late"));
    late.lane().slice("S").end();
    assertThat(late.recording()).isFalse();
    assertThat(late.rid()).isEqualTo("late");
    assertThat(recorder.tracing().enabled()).isFalse();
    assertThat(((RealTracing) recorder.tracing()).open().size()).isZero();
  }

  @Test
  void manyLanesOfARequestAreFoundByTheirThreads() throws Exception {
    recorder.tracing().threadInfo("main");
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    List<TraceThreadContext> lanes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      lanes.add(request.newLane());
    }
    TraceThreadContext own = request.lane();
    assertThat(request.lane()).isSameAs(own);
    InThread.run(() -> assertThat(request.lane()).isNotSameAs(own).isSameAs(request.lane()));
    lanes.subList(0, 500).forEach(TraceThreadContext::close);
    request.finish();
    assertThat(recorder.names()).filteredOn("main"::equals).hasSize(1_001);
  }

  @Test
  void aThreadThatComesBackGoesOnWhereItLeft() throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    try (TraceThreadContext lane = request.lane()) {
      lane.slice("A").end();
    }
    InThread.run(
        () -> {
          try (TraceThreadContext lane = request.lane()) {
            lane.slice("other").end();
          }
        });
    try (TraceThreadContext lane = request.lane()) {
      lane.slice("B").end();
    }
    request.finish();
    assertThat(recorder.span("B").linksTo(recorder.span("A"))).isTrue();
    assertThat(recorder.span("other").links()).isEmpty();
  }

  @Test
  void aFailureIsMarkedOnAllThreeLevels() {
    IllegalStateException failure = new IllegalStateException("no");
    recorder.tracing().threadInfo("main");
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceThreadContext lane = request.lane().error(failure);
    lane.slice("S").error("busy", "later").end();
    request.fail(failure);
    for (String name : List.of("Req", "main", "S")) {
      assertThat(recorder.span(name).error()).as(name).isTrue();
    }
    assertThat(recorder.span("S").attribute("error.type")).isEqualTo("busy");
    assertThat(recorder.span("Req").events()).hasSize(1);
    assertThat(recorder.span("Req").message()).isEqualTo("no");
  }
}
