package dev.serving.cli;

import dev.serving.viewer.chart.LaneText;
import dev.serving.viewer.store.StoredTrace;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A trace that is just being told: its spans come from several processes, each in its time. */
final class LastTrace {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long EVERY_MILLIS = 100;
  private static final int COLUMNS = 80;

  private LastTrace() {}

  /**
   * Draws it when it is whole, or what there is of it after five seconds.
   *
   * @throws StartException when nobody has it, with what to do
   */
  static String draw(URI viewer, String traceId) throws InterruptedException {
    RunningServer api =
        new RunningServer(viewer, "its trace is " + traceId + "; name who has it by --viewer");
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<StoredTrace> trace = find(api, traceId);
    while (trace.filter(DemoCommand::isWhole).isEmpty() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      trace = find(api, traceId);
    }
    return trace
        .map(found -> LaneText.draw(found, COLUMNS))
        .orElseThrow(() -> new StartException(viewer + " has no trace " + traceId));
  }

  private static Optional<StoredTrace> find(RunningServer api, String traceId)
      throws InterruptedException {
    try {
      JsonNode data = api.get("/api/traces/" + RunningServer.encoded(traceId)).path("data");
      return data.isEmpty() ? Optional.empty() : Optional.of(JaegerTrace.read(data.get(0)));
    } catch (StartException e) {
      if (e.getCause() instanceof ConnectException) {
        throw e;
      }
      return Optional.empty(); // it is not there yet
    }
  }
}
