package dev.serving.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What crosses a process: a request's root span and the span before, with flags and tracestate, the
 * request's level and its start, and its baggage if it has any. Immutable and small: about 150
 * bytes without tracestate and baggage, at most {@value #MAX_BYTES}.
 *
 * <p>Comes as bytes for a message field, as a map for headers and JSON (to a mapper this object
 * itself says nothing), and in the shape of the Python originals. Reading never throws: what cannot
 * be used is {@linkplain #isNone none}, and counted where it is used.
 */
public final class TraceCarrier implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The most bytes that {@link #toBytes} makes and {@link #fromBytes} looks at. */
  public static final int MAX_BYTES = 1024 + W3c.MAX_BAGGAGE;

  /** Stands for a level that the sender did not tell. */
  static final int UNKNOWN_LEVEL = -1;

  /** Marks a carrier that is none because it could not be read. */
  private static final int UNUSABLE_LEVEL = -2;

  private static final TraceCarrier NONE = empty(UNKNOWN_LEVEL);
  private static final TraceCarrier UNUSABLE = empty(UNUSABLE_LEVEL);
  private static final char SEPARATOR = ';';
  private static final int FIELDS = 5;

  /** Between tracestate and baggage, both of which may hold the other separator. */
  private static final char BEFORE_BAGGAGE = '\n';

  // Java's serialization takes the bytes in this one's place.
  private final transient SpanContext root;
  private final transient SpanContext previous;
  private final int level;
  private final long start;
  private final String baggage;
  private final boolean lostPrevious;

  private TraceCarrier(
      SpanContext root,
      SpanContext previous,
      int level,
      long start,
      String baggage,
      boolean lostPrevious) {
    this.baggage = baggage;
    this.root = root;
    this.previous = previous;
    this.level = level;
    this.start = start;
    this.lostPrevious = lostPrevious;
  }

  private static TraceCarrier empty(int level) {
    SpanContext none = SpanContext.getInvalid();
    return new TraceCarrier(none, none, level, 0, "", false);
  }

  /** Returns the carrier of nothing. */
  public static TraceCarrier none() {
    return NONE;
  }

  /** Returns the carrier that stands for one which could not be read. */
  static TraceCarrier unusable() {
    return UNUSABLE;
  }

  static TraceCarrier of(
      SpanContext root, SpanContext previous, int level, long start, String baggage) {
    return root.isValid() ? new TraceCarrier(root, previous, level, start, baggage, false) : NONE;
  }

  /** Returns this as one whose previous span could not be read. */
  TraceCarrier withoutPrevious() {
    return new TraceCarrier(root, previous, level, start, baggage, true);
  }

  /** Returns whether there was a previous span that could not be read. */
  boolean lostPrevious() {
    return lostPrevious;
  }

  private Object writeReplace() {
    return new Sent(new String(toBytes(), StandardCharsets.UTF_8));
  }

  private record Sent(String text) implements Serializable {
    private Object readResolve() {
      return fromBytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Returns what a request that is not recorded here hands on of its caller's. */
  static TraceCarrier passedOn(Context context) {
    SpanContext span = Span.fromContext(context).getSpanContext();
    return of(span, SpanContext.getInvalid(), UNKNOWN_LEVEL, 0, W3c.baggage(context));
  }

  /** Returns the given context with this carrier's root as its current span, and its baggage. */
  Context in(Context around) {
    return W3c.withBaggage(around.with(Span.wrap(root)), baggage);
  }

  /** Reads what {@link #toBytes} wrote; null, too long or garbled gives none. */
  public static TraceCarrier fromBytes(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      return NONE;
    }
    if (bytes.length > MAX_BYTES) {
      return UNUSABLE;
    }
    String[] fields =
        new String(bytes, StandardCharsets.UTF_8).split(String.valueOf(SEPARATOR), FIELDS);
    if (fields.length < FIELDS) {
      return UNUSABLE;
    }
    int end = fields[4].indexOf(BEFORE_BAGGAGE);
    String state = end < 0 ? fields[4] : fields[4].substring(0, end);
    String baggage = end < 0 ? "" : fields[4].substring(end + 1);
    return CarrierFormat.of(fields[0], fields[1], state, fields[2], fields[3], baggage);
  }

  /**
   * Reads what {@link #toMap} or {@link #toFastDeployMap} wrote, or what FastDeploy's or SGLang's
   * Python process did ({@code root_span} and {@code prev_span}; {@code root_span_context} and
   * {@code last_span_context}), or OpenTelemetry's propagators ({@code traceparent}, whose span is
   * taken for the root). Names may be in other letters. Null or empty gives none, and so does
   * anything unusable.
   */
  public static TraceCarrier fromMap(@Nullable Map<String, ?> map) {
    return map == null ? NONE : CarrierFormat.read(map);
  }

  /** Returns whether this carries nothing. */
  public boolean isNone() {
    return !root.isValid();
  }

  /** Returns the ids of the root span; empty if this carries nothing. */
  public Optional<TraceInfo> info() {
    return isNone()
        ? Optional.empty()
        : Optional.of(new TraceInfo(root.getTraceId(), root.getSpanId()));
  }

  /** Returns this as printable bytes; empty if it carries nothing. */
  public byte[] toBytes() {
    if (isNone()) {
      return new byte[0];
    }
    String text =
        W3c.parent(root)
            + SEPARATOR
            + (previous.isValid() ? W3c.parent(previous) : "")
            + SEPARATOR
            + levelText()
            + SEPARATOR
            + start
            + SEPARATOR
            + W3c.state(root)
            + (baggage.isEmpty() ? "" : BEFORE_BAGGAGE + baggage);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns this with the keys {@code root}, {@code prev}, {@code tracestate}, {@code level},
   * {@code start} and {@code baggage}, each only if there is something to say; empty if this
   * carries nothing.
   */
  public Map<String, String> toMap() {
    if (isNone()) {
      return Map.of();
    }
    Map<String, String> map = new LinkedHashMap<>();
    map.put("root", W3c.parent(root));
    putUnlessEmpty(map, "prev", previous.isValid() ? W3c.parent(previous) : "");
    putUnlessEmpty(map, "tracestate", W3c.state(root));
    putUnlessEmpty(map, "level", levelText());
    putUnlessEmpty(map, "start", start == 0 ? "" : Long.toString(start));
    putUnlessEmpty(map, "baggage", baggage);
    return Collections.unmodifiableMap(map);
  }

  /**
   * Returns this as FastDeploy's and SGLang's Python processes read it: {@code root_span} with its
   * {@code traceparent}, {@code prev_span} with its ids as whole numbers ({@link
   * java.math.BigInteger}) or the text {@code "None"}. Empty if this carries nothing.
   */
  public Map<String, Object> toFastDeployMap() {
    return isNone() ? Map.of() : CarrierFormat.fastDeploy(root, previous, baggage);
  }

  private String levelText() {
    return level == UNKNOWN_LEVEL ? "" : Integer.toString(level);
  }

  private static void putUnlessEmpty(Map<String, String> map, String key, String value) {
    if (!value.isEmpty()) {
      map.put(key, value);
    }
  }

  SpanContext root() {
    return root;
  }

  SpanContext previous() {
    return previous;
  }

  /** Returns what a span that comes after this links to: the previous span, else the root. */
  SpanContext linkTarget() {
    return previous.isValid() ? previous : root;
  }

  int level() {
    return level;
  }

  String baggage() {
    return baggage;
  }

  /** Returns whether there was something that could not be read. */
  boolean isUnusable() {
    return level == UNUSABLE_LEVEL;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TraceCarrier that && toMap().equals(that.toMap());
  }

  @Override
  public int hashCode() {
    return toMap().hashCode();
  }

  @Override
  public String toString() {
    return "TraceCarrier" + toMap();
  }
}
