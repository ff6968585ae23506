package dev.serving.core.worker;

import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.TraceNames;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceLevel;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.Tracing;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what happens on a rank into traces: a lane of its thread for each request, with PREFILL,
 * then DECODE, and at level 3 each chunk and step in them.
 *
 * <p>Belongs to the rank's thread, as all listeners of a rank.
 */
public final class RankTrace implements RankListener {
  private final Tracing tracing;
  private final int tpRank;
  private final int dpRank;
  private final Map<String, RankRequest> requests = new HashMap<>();
  private final StepFigures figures = new StepFigures();

  /** A listener that traces, or {@link RankListener#NONE} where tracing is off. */
  public static RankListener listener(Tracing tracing, int tpRank, int dpRank) {
    return tracing.enabled() ? new RankTrace(tracing, tpRank, dpRank) : RankListener.NONE;
  }

  /**
   * A listener that traces.
   *
   * @param tracing of this process
   * @param tpRank the rank; all but 0 are traced from level 2 on
   * @param dpRank the data-parallel rank of its engine
   */
  public RankTrace(Tracing tracing, int tpRank, int dpRank) {
    this.tracing = tracing;
    this.tpRank = tpRank;
    this.dpRank = dpRank;
  }

  /**
   * The carrier to send with a token that was just chosen: the first time after PREFILL, the second
   * time with DECODE open. None at other times, since it does not change any more.
   */
  @Override
  public TraceCarrier carrier(String rid) {
    RankRequest request = requests.get(rid);
    return request == null ? TraceCarrier.none() : request.changedCarrier();
  }

  @Override
  public void started() {
    tracing.threadInfo("worker", tpRank, dpRank, TraceNames.lane("worker", tpRank, dpRank));
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
  public void stepStarted(Step step) {
    long now = tracing.now();
    figures.begin(step);
    for (Chunk chunk : step.chunks()) {
      if (chunk.admission() != null) {
        admit(chunk, now);
      }
      RankRequest request = requests.get(chunk.rid());
      if (request != null) {
        request.rowsStarted(chunk, now);
      }
    }
  }

  private void admit(Chunk chunk, long now) {
    Admission admission = chunk.admission();
    TraceReqContext context = tracing.joinRequest(chunk.rid(), admission.carrier(), now);
    if (context.recording() && (tpRank == 0 || context.records(TraceLevel.HAND_OVERS))) {
      requests.put(chunk.rid(), new RankRequest(context.lane(now), admission, now));
    }
  }

  @Override
  public void allReduced(long durationNs) {
    figures.allReduced(durationNs);
  }

  @Override
  public void sampled(Chunk chunk) {
    RankRequest request = requests.get(chunk.rid());
    if (request == null) {
      return;
    }
    long now = tracing.now();
    if (chunk.phase() == Phase.PREFILL) {
      request.firstToken(figures, now);
    } else {
      request.token(figures, now);
    }
  }

  @Override
  public void stepDone(Step step) {
    long now = tracing.now();
    for (Chunk chunk : step.chunks()) {
      RankRequest request = requests.get(chunk.rid());
      if (request != null) {
        request.rowsDone(figures, now);
      }
    }
  }

  @Override
  public void stepLost(long waitedNs) {
    long end = tracing.now() - waitedNs;
    requests.values().forEach(request -> request.rowsDone(figures, end));
  }

  @Override
  public void released(Release release) {
    RankRequest request = requests.remove(release.rid());
    if (request != null) {
      request.released(release, tracing.now());
    }
  }
}
