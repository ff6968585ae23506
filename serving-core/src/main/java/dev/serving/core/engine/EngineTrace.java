package dev.serving.core.engine;

import dev.serving.core.message.FinishReason;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.TraceNames;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceLevel;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceSpanName;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import io.opentelemetry.api.common.Attributes;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what the scheduler says into traces: a lane of its thread for each request, and in it one
 * SCHEDULE slice for each time that the request waited for its first batch.
 *
 * <p>Belongs to the scheduler's thread, as all listeners of an engine.
 */
public final class EngineTrace implements EngineListener {
  private final Tracing tracing;
  private final StepTrace steps;
  private final Map<String, Request> requests = new HashMap<>();
  private int detailed; // requests that want steps told

  /** A listener that traces, or {@link EngineListener#NONE} where tracing is off. */
  public static EngineListener listener(Tracing tracing, int dpRank) {
    return tracing.enabled() ? new EngineTrace(tracing, dpRank) : EngineListener.NONE;
  }

  /**
   * A listener that traces; made on the scheduler's thread, whose lanes it names.
   *
   * @param tracing of this process
   * @param dpRank the engine's data-parallel rank
   */
  public EngineTrace(Tracing tracing, int dpRank) {
    this.tracing = tracing;
    this.steps = new StepTrace(tracing, dpRank);
    tracing.threadInfo("scheduler", null, dpRank, TraceNames.lane("scheduler", 0, dpRank));
  }

  @Override
  public TraceCarrier carrier(String rid) {
    Request request = requests.get(rid);
    return request == null ? TraceCarrier.none() : request.carrier();
  }

  @Override
  public void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {
    long now = tracing.now();
    Request request = requests.computeIfAbsent(rid, id -> begin(id, carrier, now));
    request.waits(carrier, now);
    request
        .schedule
        .set(TraceNames.PROMPT_TOKENS, (long) promptTokens)
        .set(TraceNames.QUEUE_LENGTH, (long) queueLength);
  }

  private Request begin(String rid, TraceCarrier carrier, long now) {
    Request request = new Request(tracing, rid, carrier, now);
    if (request.detailed()) {
      detailed++;
      steps.delays();
    }
    return request;
  }

  @Override
  public void delayed(String rid, Delay cause) {
    Request request = requests.get(rid);
    if (request != null) {
      request.delays.begin(cause, tracing.now());
    }
  }

  @Override
  public void scheduled(String rid, long step, int batchSize, int position, int cachedTokens) {
    Request request = requests.get(rid);
    if (request != null) {
      long now = tracing.now();
      request.delays.writeTo(request.schedule, now);
      request
          .schedule
          .set(TraceNames.STEP, step)
          .set(TraceNames.BATCH_SIZE, (long) batchSize)
          .set(TraceNames.BATCH_POSITION, (long) position)
          .set(TraceNames.CACHED_TOKENS, (long) cachedTokens);
      request.dispatch(now);
    }
  }

  @Override
  public void dispatched(String rid) {
    Request request = requests.get(rid);
    if (request != null) {
      request.dispatched(tracing.now());
    }
  }

  @Override
  public void stepStarted(long step, List<String> rids) {
    if (detailed > 0) {
      steps.delays();
      rids.forEach(this::holds);
    }
  }

  private void holds(String rid) {
    Request request = requests.get(rid);
    if (request != null && request.detailed()) {
      steps.holds(rid, request.carrier());
    }
  }

  @Override
  public void step(StepRecord step) {
    steps.end(step);
  }

  @Override
  public Optional<SpanCounts> spans() {
    return Optional.of(SpanCounts.of(tracing.metrics()));
  }

  @Override
  public void tracing(TracingLevels levels) {
    levels.applyTo(tracing);
  }

  @Override
  public void firstToken(String rid) {
    event(rid, TraceNames.FIRST_TOKEN_EVENT, Attributes.empty());
  }

  @Override
  public void preempted(String rid, String reason) {
    event(rid, TraceNames.PREEMPTED_EVENT, Attributes.of(TraceNames.REASON, reason));
  }

  @Override
  public void paused(String rid) {
    Request request = requests.get(rid);
    if (request != null) {
      request.delays.end(tracing.now());
    }
    event(rid, TraceNames.PAUSED_EVENT, Attributes.empty());
  }

  @Override
  public void resumed(String rid) {
    event(rid, TraceNames.RESUMED_EVENT, Attributes.empty());
  }

  private void event(String rid, String name, Attributes attributes) {
    Request request = requests.get(rid);
    if (request != null) {
      request.lane.event(name, 0, attributes);
    }
  }

  @Override
  public void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
    Request request = requests.remove(rid);
    if (request != null) {
      detailed -= request.detailed() ? 1 : 0;
      request.finish(reason, outputTokens, error, tracing.now());
    }
  }

  /** What is open of one request. */
  private static final class Request {
    private final TraceCarrier arrived;
    private final TraceReqContext context;
    private final TraceThreadContext lane;
    private final Delays delays = new Delays();
    private TraceSlice schedule;
    private TraceSlice handOver;

    Request(Tracing tracing, String rid, TraceCarrier carrier, long now) {
      arrived = carrier;
      context = tracing.joinRequest(rid, carrier, now);
      lane = context.lane(now);
    }

    void waits(TraceCarrier carrier, long now) {
      lane.previous(carrier);
      schedule = lane.slice(TraceSpanName.SCHEDULE, now);
      delays.clear();
    }

    void dispatch(long now) {
      handOver = lane.slice("dispatch", TraceLevel.HAND_OVERS, now);
    }

    void dispatched(long now) {
      handOver.end(now);
      schedule.end(now);
    }

    boolean detailed() {
      return context.level() >= TraceLevel.DETAILS.number();
    }

    TraceCarrier carrier() {
      return context.recording() ? lane.carrier() : arrived;
    }

    void finish(FinishReason reason, int outputTokens, String error, long now) {
      lane.set(
          Attributes.builder()
              .put(TraceNames.FINISH_REASON, reason.name().toLowerCase(Locale.ROOT))
              .put(TraceNames.OUTPUT_TOKENS, (long) outputTokens)
              .build());
      if (reason == FinishReason.ABORT) {
        lane.event(TraceNames.ABORTED_EVENT, now, null);
      }
      if (error != null) {
        lane.event(TraceNames.FAILED_EVENT, now, Attributes.of(TraceNames.REASON, error));
      }
      if (reason == FinishReason.STOP || reason == FinishReason.LENGTH) {
        lane.finish(now);
      } else {
        lane.truncate(now);
      }
    }
  }

  /** How long a waiting request waited for what. */
  private static final class Delays {
    private final Map<Delay, Long> sums = new EnumMap<>(Delay.class);
    private Delay current;
    private long since;

    void begin(Delay cause, long now) {
      if (cause != current) {
        end(now);
        current = cause;
        since = now;
      }
    }

    void writeTo(TraceSlice slice, long now) {
      end(now);
      sums.forEach((cause, sum) -> slice.set(TraceNames.waited(cause), sum));
    }

    void clear() {
      sums.clear();
      current = null;
    }

    private void end(long now) {
      if (current != null) {
        sums.merge(current, now - since, Long::sum);
        current = null;
      }
    }
  }
}
