package dev.serving.trace;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Span contexts as the W3C's {@code traceparent} and {@code tracestate}, bounded both ways. */
final class W3c {
  static final String PARENT = "traceparent";
  static final String STATE = "tracestate";
  static final String BAGGAGE = "baggage";

  /** What the standard asks every vendor to carry; more is left behind. */
  static final int MAX_BAGGAGE = 8192;

  /** What every vendor must be able to carry; a longer state is left out, its trace is not. */
  static final int MAX_STATE = 512;

  /** Room for what a later version of the standard may append. */
  private static final int MAX_PARENT = 256;

  private static final W3CTraceContextPropagator FORMAT = W3CTraceContextPropagator.getInstance();
  private static final TextMapGetter<String[]> GETTER = new PairGetter();

  private W3c() {}

  /** Returns what reads and writes the headers of these names. */
  static TextMapPropagator propagator(Set<String> names) {
    List<TextMapPropagator> all = new ArrayList<>();
    if (names.contains("tracecontext")) {
      all.add(FORMAT);
    }
    if (names.contains("baggage")) {
      all.add(W3CBaggagePropagator.getInstance());
    }
    return TextMapPropagator.composite(all);
  }

  /** Returns the context that the two headers name, or an invalid one; either may be null. */
  static SpanContext parse(@Nullable String parent, @Nullable String state) {
    if (parent == null || parent.length() > MAX_PARENT) {
      return SpanContext.getInvalid();
    }
    String kept = state == null || state.length() > MAX_STATE ? null : state;
    Context read = FORMAT.extract(Context.root(), new String[] {parent, kept}, GETTER);
    return Span.fromContext(read).getSpanContext();
  }

  /** Returns the {@code traceparent} of a valid context. */
  static String parent(SpanContext span) {
    return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex();
  }

  /** Returns the {@code tracestate}, empty where there is none or it is too long. */
  static String state(SpanContext span) {
    if (span.getTraceState().isEmpty()) {
      return "";
    }
    Map<String, String> headers = new HashMap<>();
    FORMAT.inject(Context.root().with(Span.wrap(span)), headers, Map::put);
    String state = headers.getOrDefault(STATE, "");
    return state.length() > MAX_STATE ? "" : state;
  }

  /** Returns the baggage of a context as a header; empty where there is none or it is too much. */
  static String baggage(Context context) {
    if (Baggage.fromContext(context).isEmpty()) {
      return "";
    }
    Map<String, String> headers = new HashMap<>();
    W3CBaggagePropagator.getInstance().inject(context, headers, Map::put);
    return within(headers.get(BAGGAGE));
  }

  /** Returns baggage that came in, if it is not too much and on one line; else none. */
  static String within(@Nullable String baggage) {
    boolean fits =
        baggage != null
            && baggage.length() <= MAX_BAGGAGE
            && baggage.chars().allMatch(c -> c >= ' ' && c < 127);
    return fits ? baggage : "";
  }

  /** Returns the context with the baggage of a header beside what it has. */
  static Context withBaggage(Context context, String baggage) {
    return baggage.isEmpty()
        ? context
        : W3CBaggagePropagator.getInstance().extract(context, baggage, new BaggageGetter());
  }

  private static final class BaggageGetter implements TextMapGetter<String> {
    @Override
    public Iterable<String> keys(String header) {
      return List.of(BAGGAGE);
    }

    @Override
    public @Nullable String get(@Nullable String header, String key) {
      return BAGGAGE.equals(key) ? header : null;
    }
  }

  private static final class PairGetter implements TextMapGetter<String[]> {
    @Override
    public Iterable<String> keys(String[] pair) {
      return List.of(PARENT, STATE);
    }

    @Override
    public @Nullable String get(String @Nullable [] pair, String key) {
      return PARENT.equals(key) ? pair[0] : STATE.equals(key) ? pair[1] : null;
    }
  }
}
