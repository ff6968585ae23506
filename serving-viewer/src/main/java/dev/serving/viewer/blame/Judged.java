package dev.serving.viewer.blame;

import dev.serving.blame.KeptSteps;
import dev.serving.blame.KeptSteps.Judgement;
import dev.serving.blame.RequestPath;
import dev.serving.viewer.store.SpanQuery;
import dev.serving.viewer.store.SpanResource;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceQuery;
import dev.serving.viewer.store.TraceQuery.Range;
import dev.serving.viewer.store.TraceStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request's account, made from spans alone: from its root, which tells its hops, and from the
 * spans of its engine's steps.
 *
 * @param judgement its account, as its server made it but for what it would have taken alone, and
 *     more
 * @param beganNs when it began, by the clock of the judgement
 * @param steps how many are
 * @param traces whose trace leads to who was the cause, by numbers of the ledger
 */
public record Judged(Judgement judgement, long beganNs, int steps, Map<Long, String> traces) {
  private static final int MOST_STEPS = 50_000;

  /** The step that ran when a request came began before it. */
  private static final long BEFORE = Duration.ofMinutes(1).toNanos();

  /** Processes of a host tell the time of day a little differently. */
  private static final long SLACK = Duration.ofMillis(10).toNanos();

  /** Copies. */
  public Judged {
    traces = Map.copyOf(traces);
  }

  /** Judges a request; empty where its root does not tell its hops. */
  public static Optional<Judged> of(StoredTrace trace, TraceStore store) {
    return RootSpan.path(trace.root()).map(path -> of(path, trace, steps(trace, store)));
  }

  private static Judged of(RequestPath path, StoredTrace trace, List<StoredTrace> steps) {
    KeptSteps kept = new KeptSteps();
    Map<Long, String> traces = new HashMap<>();
    steps.forEach(step -> step.spans().forEach(span -> StepSpan.add(span, kept, traces)));
    Judgement judgement = kept.judge(path, RootSpan.basis(trace.root()));
    return new Judged(judgement, path.beganNs(), steps.size(), traces);
  }

  /**
   * The steps that a request's engine took meanwhile, each a trace of its own. The engine is the
   * process that the request's scheduler was in: those of two servers may have the same number.
   */
  public static List<StoredTrace> steps(StoredTrace trace, TraceStore store) {
    Set<SpanResource> engines = new HashSet<>();
    for (StoredSpan span : trace.spans()) {
      if (span.name().equals("SCHEDULE")) {
        engines.add(span.resource());
      }
    }
    return engines.stream()
        .flatMap(
            engine ->
                store.searchTraces(ran(engine, trace)).stream()
                    .filter(step -> step.endNanos() >= trace.startNanos() - SLACK)
                    .filter(step -> step.root().resource().equals(engine)))
        .toList();
  }

  private static TraceQuery ran(SpanResource engine, StoredTrace trace) {
    SpanQuery step = SpanQuery.ANY.withService(engine.service()).withOperation(StepSpan.NAME);
    return TraceQuery.latest(MOST_STEPS)
        .withSpan(step)
        .withStart(new Range(trace.startNanos() - BEFORE, trace.endNanos()));
  }
}
