package dev.serving.core.engine;

import static dev.serving.core.lifecycle.LifecycleEvent.CACHE_HIT;
import static dev.serving.core.lifecycle.LifecycleEvent.CACHE_MISS;
import static dev.serving.core.lifecycle.LifecycleEvent.DECODE_START;
import static dev.serving.core.lifecycle.LifecycleEvent.FIRST_TOKEN_GENERATED;
import static dev.serving.core.lifecycle.LifecycleEvent.INFERENCE_END;
import static dev.serving.core.lifecycle.LifecycleEvent.INFERENCE_START;
import static dev.serving.core.lifecycle.LifecycleEvent.PREEMPTED;
import static dev.serving.core.lifecycle.LifecycleEvent.REQUEST_QUEUE_END;
import static dev.serving.core.lifecycle.LifecycleEvent.REQUEST_QUEUE_START;
import static dev.serving.core.lifecycle.LifecycleEvent.REQUEST_SCHEDULE_END;
import static dev.serving.core.lifecycle.LifecycleEvent.REQUEST_SCHEDULE_START;
import static dev.serving.core.lifecycle.LifecycleEvent.RESCHEDULED_INFERENCE_START;

import dev.serving.core.lifecycle.LifecycleEvent;
import dev.serving.core.lifecycle.LifecycleLog;
import dev.serving.core.message.FinishReason;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Logs the borders of the stages that a request passes in an engine.
 *
 * <p>Belongs to the scheduler's thread, as all listeners of an engine.
 */
public final class EngineLifecycle implements EngineListener {
  private final LifecycleLog log;
  private final Map<String, Request> requests = new HashMap<>();

  /** A listener that writes to this log. */
  public EngineLifecycle(LifecycleLog log) {
    this.log = log;
  }

  @Override
  public void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {
    if (!requests.containsKey(rid)) {
      requests.put(rid, new Request(carrier.info().map(TraceInfo::traceId).orElse(null)));
      write(REQUEST_SCHEDULE_START, rid, Map.of("prompt_tokens", promptTokens));
    }
    write(REQUEST_QUEUE_START, rid, Map.of("queue_length", queueLength));
  }

  @Override
  public void scheduled(String rid, long step, int batchSize, int position, int cachedTokens) {
    Map<String, Object> batch = new LinkedHashMap<>();
    batch.put("step", step);
    batch.put("batch_size", batchSize);
    write(REQUEST_QUEUE_END, rid, batch);
    write(cachedTokens > 0 ? CACHE_HIT : CACHE_MISS, rid, Map.of("cached_tokens", cachedTokens));
  }

  @Override
  public void dispatched(String rid) {
    Request request = requests.get(rid);
    if (request != null && request.preempted) {
      write(RESCHEDULED_INFERENCE_START, rid, Map.of());
    } else {
      write(REQUEST_SCHEDULE_END, rid, Map.of());
      write(INFERENCE_START, rid, Map.of());
    }
  }

  @Override
  public void firstToken(String rid) {
    write(FIRST_TOKEN_GENERATED, rid, Map.of());
  }

  @Override
  public void token(String rid) {
    Request request = requests.get(rid);
    if (request != null && !request.decodes) {
      request.decodes = true;
      write(DECODE_START, rid, Map.of());
    }
  }

  @Override
  public void preempted(String rid, String reason) {
    Request request = requests.get(rid);
    if (request != null) {
      request.preempted = true;
      write(PREEMPTED, rid, Map.of("reason", reason));
    }
  }

  @Override
  public void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
    Map<String, Object> end = new LinkedHashMap<>();
    end.put("finish_reason", reason.name().toLowerCase(Locale.ROOT));
    end.put("output_tokens", outputTokens);
    if (error != null) {
      end.put("error", error);
    }
    write(INFERENCE_END, rid, end);
    requests.remove(rid);
  }

  /** A request that was never queued was refused, of which the frontend tells. */
  private void write(LifecycleEvent event, String rid, Map<String, ?> more) {
    Request request = requests.get(rid);
    if (request != null) {
      log.write(event, rid, request.traceId, more);
    }
  }

  private static final class Request {
    private final String traceId;
    private boolean preempted;
    private boolean decodes;

    Request(String traceId) {
      this.traceId = traceId;
    }
  }
}
