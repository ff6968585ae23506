package dev.serving.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Engines' processes that begin before anybody knows what to tell them: their JVMs get ready while
 * the frontend does.
 *
 * <p>Safe from any thread.
 */
final class EarlyEngines implements AutoCloseable {
  private final Map<Integer, ChildProcess> waiting = new ConcurrentHashMap<>();
  private final List<String> jvmOptions;

  private EarlyEngines(List<String> jvmOptions) {
    this.jvmOptions = jvmOptions;
  }

  /**
   * Starts one for each engine. Where none can be started, {@link #take} will say why.
   *
   * @param count how many engines there are
   * @param jvmOptions for their JVMs
   */
  static EarlyEngines start(int count, List<String> jvmOptions) {
    EarlyEngines engines = new EarlyEngines(jvmOptions);
    try {
      for (int dpRank = 0; dpRank < count; dpRank++) {
        engines.waiting.put(dpRank, engines.process(dpRank));
      }
    } catch (IOException e) {
      System.getLogger(EarlyEngines.class.getName())
          .log(System.Logger.Level.DEBUG, "no engine begins early", e);
    }
    return engines;
  }

  /**
   * The process of an engine, which waits to be told: the early one at first, then a new one.
   *
   * @throws IOException when no process can be started
   */
  ChildProcess take(int dpRank) throws IOException {
    ChildProcess early = waiting.remove(dpRank);
    return early != null && early.isAlive() ? early : process(dpRank);
  }

  private ChildProcess process(int dpRank) throws IOException {
    return ChildProcess.start("engine-" + dpRank, EngineChild.COMMAND, jvmOptions);
  }

  /** Ends those that nobody took. */
  @Override
  public void close() {
    waiting.values().forEach(ChildProcess::kill);
  }
}
