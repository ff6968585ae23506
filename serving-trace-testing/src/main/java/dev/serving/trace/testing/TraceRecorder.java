package dev.serving.trace.testing;

import dev.serving.trace.TraceFault;
import dev.serving.trace.TraceFunctions;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test tracing of its own, under a clock that it moves, and shows it the spans that came
 * out. Fails a test that leaves a request, lane or slice open, unless it says that it means to.
 */
public final class TraceRecorder implements AfterEachCallback {
  /** The time at which every test begins. */
  public static final long T = 1_700_000_000_000_000_000L;

  /** The time; move it as you like, but not back. */
  public final AtomicLong clock = new AtomicLong(T);

  private final Transport transport;
  private final InMemorySpanExporter foreign = InMemorySpanExporter.create();
  private InMemorySpanExporter memory;
  private OtlpTestReceiver receiver;
  private Tracing tracing;
  private boolean mayLeaveOpen;

  /** Records in memory. */
  public TraceRecorder() {
    this(Transport.MEMORY);
  }

  /** Records what comes back on the given way. */
  public TraceRecorder(Transport transport) {
    this.transport = transport;
    restart(config -> config);
  }

  /** Starts anew with another configuration; what came before is forgotten. */
  public Tracing restart(UnaryOperator<TracingConfig.Builder> change) {
    close();
    TracingConfig.Builder builder =
        TracingConfig.builder()
            .enabled(true)
            .level(3)
            .clock(clock::get)
            .closedAtExit(false)
            .batch(b -> b.withDelay(Duration.ofMillis(1)));
    tracing = start(change.apply(builder));
    return tracing;
  }

  private Tracing start(TracingConfig.Builder builder) {
    if (transport.protocol().isEmpty()) {
      memory = InMemorySpanExporter.create();
      return Tracing.start(builder.build(), memory);
    }
    try {
      receiver = OtlpTestReceiver.start(transport.protocol().get());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    builder.endpoint(receiver.endpoint()).otlp(o -> o.withProtocol(transport.protocol().get()));
    return Tracing.start(builder.build());
  }

  /** Returns the tracing of the test. */
  public Tracing tracing() {
    return tracing;
  }

  /** Returns where spans of another instrumentation may go, to be seen among the others. */
  public SpanExporter foreignExporter() {
    return foreign;
  }

  /** Lets the test leave something open, because that is what it is about. */
  public void mayLeaveOpen() {
    mayLeaveOpen = true;
  }

  /** Returns the spans that have come out so far. */
  public List<SeenSpan> spans() {
    check(tracing.flush(Duration.ofSeconds(10)), "spans could not be delivered");
    Stream<SeenSpan> own =
        receiver == null
            ? memory.getFinishedSpanItems().stream().map(SeenSpan::of)
            : SeenSpan.of(receiver.resourceSpans()).stream();
    Stream<SeenSpan> theirs = foreign.getFinishedSpanItems().stream().map(SeenSpan::of);
    return Stream.concat(own, theirs).toList();
  }

  /** Returns the only trace that has come out so far, when it is whole. */
  public TraceTree tree() {
    return TraceTree.check(spans());
  }

  /** Returns the only span of this name. */
  public SeenSpan span(String name) {
    List<SeenSpan> named = spans().stream().filter(s -> s.name().equals(name)).toList();
    check(named.size() == 1, named.size() + " spans named " + name + " among " + names());
    return named.get(0);
  }

  /** Returns the names of the spans that have come out so far. */
  public List<String> names() {
    return spans().stream().map(SeenSpan::name).toList();
  }

  /** Returns how often this was counted. */
  public long faults(TraceFault fault) {
    return tracing.metrics().faults(fault);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<String> open = tracing.openRequests();
    TraceFunctions.processTracingShutdown();
    close();
    if (!mayLeaveOpen && context.getExecutionException().isEmpty()) {
      check(open.isEmpty(), "the test left open: " + open);
    }
  }

  private void close() {
    if (tracing != null) {
      tracing.close();
    }
    if (receiver != null) {
      receiver.close();
    }
  }

  // Without a library for assertions: whoever tests with this may have any.
  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
