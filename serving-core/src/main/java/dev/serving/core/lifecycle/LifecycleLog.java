package dev.serving.core.lifecycle;

import dev.serving.core.config.LifecycleFormat;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a line for each event of a request, with its own and its trace's id, at the moment when it
 * happens. Safe from any thread; never throws.
 *
 * <p>Goes to the logger {@value #LOGGER} at INFO, so that it can be sent elsewhere or switched off.
 */
public final class LifecycleLog {
  /** The logger's name. */
  public static final String LOGGER = "dev.serving.requests";

  private static final System.Logger LOG = System.getLogger(LOGGER);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final LifecycleFormat format;
  private final Clock clock;

  /** A log of this format. */
  public LifecycleLog(LifecycleFormat format) {
    this(format, Clock.systemUTC());
  }

  LifecycleLog(LifecycleFormat format, Clock clock) {
    this.format = format;
    this.clock = clock;
  }

  /**
   * Writes a line.
   *
   * @param event what happened
   * @param rid the request's id
   * @param traceId the trace's id in hex, or null where there is no trace
   * @param more what else there is to say, in this order
   */
  public void write(LifecycleEvent event, String rid, String traceId, Map<String, ?> more) {
    if (format == LifecycleFormat.OFF || !LOG.isLoggable(System.Logger.Level.INFO)) {
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", event.name());
    fields.put("stage", event.stage().name());
    fields.put("request_id", rid);
    fields.put("trace_id", traceId == null ? "unknown" : traceId);
    fields.putAll(more);
    LOG.log(System.Logger.Level.INFO, format == LifecycleFormat.JSON ? json(fields) : text(fields));
  }

  /** Text lines get their time from whatever writes the log; a JSON object has to bring its own. */
  private String json(Map<String, Object> fields) {
    Map<String, Object> timed = new LinkedHashMap<>();
    timed.put("timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    timed.putAll(fields);
    return JSON.writeValueAsString(timed);
  }

  private static String text(Map<String, Object> fields) {
    return fields.entrySet().stream()
        .map(f -> f.getKey() + "=" + JSON.writeValueAsString(f.getValue()))
        .collect(Collectors.joining(" "));
  }
}
