package dev.serving.trace;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes said of requests that will arrive here, by bootstrap room: the header {@code
 * trace_context} of SGLang, base64 of {@code {"<room>": carrier}}. The first word on a room counts;
 * of more rooms than there is place for, the oldest is forgotten.
 */
final class RemoteContexts {
  /** The name of the header. */
  static final String HEADER = "trace_context";

  static final int MAX_HEADER = 65_536;
  static final int MAX_ROOMS = 4_096;

  private final RealTracing tracing;
  private final RecentMap<TraceCarrier> carriers = new RecentMap<>(MAX_ROOMS);

  RemoteContexts(RealTracing tracing) {
    this.tracing = tracing;
  }

  /** Returns whether this names a room: SGLang's 0 stands for none, and none is shared by all. */
  static boolean isRoom(@Nullable String room) {
    return room != null && !room.isBlank() && !room.equals("0") && !room.equals("None");
  }

  void read(@Nullable String header) {
    if (header == null || header.isEmpty() || header.equals("None")) {
      return;
    }
    try {
      Map<String, Object> rooms = CarrierJson.read(decode(header));
      rooms.forEach(this::put);
    } catch (RuntimeException notACarrier) {
      tracing.fault(TraceFault.UNUSABLE_CARRIER, () -> "the header " + HEADER);
    }
  }

  private static String decode(String header) {
    if (header.length() > MAX_HEADER) {
      throw new IllegalArgumentException("too long");
    }
    return new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8);
  }

  private void put(String room, Object carrier) {
    TraceCarrier read =
        carrier instanceof Map<?, ?> map ? CarrierFormat.read(map) : TraceCarrier.unusable();
    if (!tracing.usable(read, room) || !isRoom(room)) {
      return;
    }
    if (carriers.putIfAbsent(room, read)) {
      tracing.fault(TraceFault.NO_ROOM, () -> "the oldest remote carrier was forgotten");
    }
  }

  /** Returns and forgets what is known of a room. */
  TraceCarrier take(String room) {
    TraceCarrier known = carriers.remove(room);
    return known == null ? TraceCarrier.none() : known;
  }

  /** Returns carriers as a header; empty for none. */
  static String write(Map<String, TraceCarrier> carriers) {
    Map<String, Object> rooms = new LinkedHashMap<>();
    carriers.forEach((room, carrier) -> rooms.put(room, carrier.toFastDeployMap()));
    String json = CarrierJson.write(rooms);
    return rooms.isEmpty()
        ? ""
        : Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
