package dev.serving.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes in which a carrier arrives; reads strangers' data, so it trusts nothing in it. */
final class CarrierFormat {
  private static final int TRACE_ID_BITS = 128;
  private static final int SPAN_ID_BITS = 64;
  private static final int MAX_DECIMALS = 39;

  /** So many are looked through for names in other letters; a carrier has six. */
  private static final int MAX_KEYS = 64;

  private CarrierFormat() {}

  /** Returns the carrier that the W3C texts name; all but the root may be null, empty or wrong. */
  static TraceCarrier of(
      @Nullable String root,
      @Nullable String previous,
      @Nullable String state,
      @Nullable String level,
      @Nullable String start,
      @Nullable String baggage) {
    SpanContext rootSpan = W3c.parse(root, state);
    if (!rootSpan.isValid()) {
      return TraceCarrier.unusable();
    }
    SpanContext previousSpan = W3c.parse(previous, null);
    TraceCarrier read =
        TraceCarrier.of(rootSpan, previousSpan, level(level), start(start), W3c.within(baggage));
    return isSaid(previous) && !previousSpan.isValid() ? read.withoutPrevious() : read;
  }

  /** Returns whether there is something where a previous span is told. */
  private static boolean isSaid(@Nullable Object previous) {
    return previous != null && !previous.equals("") && !previous.equals("None");
  }

  static TraceCarrier read(Map<?, ?> map) {
    try {
      if (map.isEmpty()) {
        return TraceCarrier.none();
      }
      TraceCarrier read = exact(map);
      return read.isNone() && map.size() <= MAX_KEYS ? exact(lowerCase(map)) : read;
    } catch (RuntimeException hostile) {
      // A map is an interface: a stranger's may throw whatever it likes.
      return TraceCarrier.unusable();
    }
  }

  private static TraceCarrier exact(Map<?, ?> map) {
    if (map.containsKey("root")) {
      return own(map);
    }
    // As OpenTelemetry's propagators write it.
    return map.containsKey(W3c.PARENT) ? headers(map) : python(map);
  }

  /** Names of headers are changed on their way by some servers. */
  private static Map<String, Object> lowerCase(Map<?, ?> map) {
    Map<String, Object> lower = new HashMap<>();
    map.forEach((key, value) -> lower.put(String.valueOf(key).toLowerCase(Locale.ROOT), value));
    return lower;
  }

  private static TraceCarrier headers(Map<?, ?> map) {
    return of(
        text(map, W3c.PARENT), null, text(map, W3c.STATE), null, null, text(map, W3c.BAGGAGE));
  }

  private static TraceCarrier own(Map<?, ?> map) {
    Object previous = map.get("prev");
    return of(
        text(map, "root"),
        previous == null ? null : previous.toString(),
        text(map, "tracestate"),
        text(map, "level"),
        text(map, "start"),
        text(map, "baggage"));
  }

  /** FastDeploy's and early SGLang's dictionary, or the state of SGLang's context class. */
  private static TraceCarrier python(Map<?, ?> map) {
    boolean state = map.containsKey("root_span_context");
    Object root = map.get(state ? "root_span_context" : "root_span");
    Object previous = map.get(state ? "last_span_context" : "prev_span");
    if (!(root instanceof Map<?, ?> headers)) {
      return TraceCarrier.unusable();
    }
    SpanContext rootSpan = W3c.parse(text(headers, W3c.PARENT), text(headers, W3c.STATE));
    if (!rootSpan.isValid()) {
      return TraceCarrier.unusable();
    }
    SpanContext previousSpan = number(previous, rootSpan);
    TraceCarrier read =
        TraceCarrier.of(
            rootSpan,
            previousSpan,
            level(text(map, "trace_level")),
            start(text(map, "start_time_ns")),
            W3c.within(text(headers, W3c.BAGGAGE)));
    return isSaid(previous) && !previousSpan.isValid() ? read.withoutPrevious() : read;
  }

  /** The ids come as whole numbers and without flags: those of the root are as good a guess. */
  private static SpanContext number(@Nullable Object previous, SpanContext root) {
    if (!(previous instanceof Map<?, ?> ids)) {
      return SpanContext.getInvalid();
    }
    String trace = hex(ids.get("trace_id"), TRACE_ID_BITS);
    String span = hex(ids.get("span_id"), SPAN_ID_BITS);
    if (!TraceId.isValid(trace) || !SpanId.isValid(span)) {
      return SpanContext.getInvalid();
    }
    return SpanContext.createFromRemoteParent(
        trace, span, root.getTraceFlags(), TraceState.getDefault());
  }

  private static String hex(@Nullable Object number, int bits) {
    String decimal = String.valueOf(number);
    // A double has already lost digits; it prints with a point, which is refused here.
    if (decimal.length() > MAX_DECIMALS || !decimal.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return "";
    }
    BigInteger value = new BigInteger(decimal);
    String digits = value.toString(16);
    return value.bitLength() > bits ? "" : "0".repeat(bits / 4 - digits.length()) + digits;
  }

  static Map<String, Object> fastDeploy(SpanContext root, SpanContext previous, String baggage) {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(W3c.PARENT, W3c.parent(root));
    String state = W3c.state(root);
    if (!state.isEmpty()) {
      headers.put(W3c.STATE, state);
    }
    if (!baggage.isEmpty()) {
      headers.put(W3c.BAGGAGE, baggage);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("root_span", headers);
    map.put("prev_span", previous.isValid() ? numbers(previous) : "None");
    return map;
  }

  private static Map<String, Object> numbers(SpanContext span) {
    Map<String, Object> ids = new LinkedHashMap<>();
    ids.put("span_id", new BigInteger(span.getSpanId(), 16));
    ids.put("trace_id", new BigInteger(span.getTraceId(), 16));
    return ids;
  }

  private static @Nullable String text(Map<?, ?> map, String key) {
    Object value = map.get(key);
    return value instanceof String || value instanceof Integer || value instanceof Long
        ? value.toString()
        : null;
  }

  private static int level(@Nullable String text) {
    return text != null && text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '3'
        ? text.charAt(0) - '0'
        : TraceCarrier.UNKNOWN_LEVEL;
  }

  private static long start(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > 19) {
      return 0;
    }
    long ts = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      ts = ts * 10 + digit;
    }
    return TraceClock.plausible(ts) ? ts : 0;
  }
}
