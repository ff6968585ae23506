package dev.serving.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Engines' processes that begin before anybody knows what to tell them: their JVMs get ready while
 * the frontend does. The first one begins even before the command line is read, where that looks as
 * if it will need one.
 *
 * <p>Safe from any thread.
 */
final class EarlyEngines implements AutoCloseable {
  /** The commands that run an engine. */
  private static final Set<String> COMMANDS = Set.of("serve", "demo");

  /** Words, or their beginnings, with which none is run, or perhaps with other JVM options. */
  private static final List<String> UNSURE =
      List.of(
          "-h",
          "--help",
          "-V",
          "--version",
          "--print-config",
          Settings.CONFIG,
          EngineJvmOptions.HEAP,
          "@");

  private static final List<String> UNSURE_VARIABLES =
      List.of("SERVING_CONFIG", "SERVING_ENGINE_HEAP");

  private static final AtomicReference<FutureTask<ChildProcess>> GUESSED = new AtomicReference<>();

  private final Map<Integer, ChildProcess> waiting = new ConcurrentHashMap<>();
  private final List<String> jvmOptions;

  private EarlyEngines(List<String> jvmOptions) {
    this.jvmOptions = jvmOptions;
  }

  /**
   * Begins the first engine on a thread of its own, if these words are likely to need one with no
   * options of its own.
   */
  static void guess(Map<String, String> environment, String... words) {
    if (likely(environment, words)) {
      FutureTask<ChildProcess> first = new FutureTask<>(() -> process(0, List.of()));
      GUESSED.set(first);
      Thread thread = new Thread(first, "early-engine");
      thread.setDaemon(true);
      thread.start();
    }
  }

  static boolean likely(Map<String, String> environment, String... words) {
    return words.length > 0
        && COMMANDS.contains(words[0])
        && Stream.of(words).noneMatch(word -> UNSURE.stream().anyMatch(word::startsWith))
        && UNSURE_VARIABLES.stream().noneMatch(environment::containsKey);
  }

  /** Ends the engine that was guessed if nobody took it. */
  static void giveUp() {
    guessed().ifPresent(ChildProcess::kill);
  }

  private static Optional<ChildProcess> guessed() {
    FutureTask<ChildProcess> first = GUESSED.getAndSet(null);
    try {
      return first == null ? Optional.empty() : Optional.of(first.get());
    } catch (ExecutionException e) {
      return Optional.empty(); // whoever starts the next one is told why
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Starts one for each engine. Where none can be started, {@link #take} will say why.
   *
   * @param count how many engines there are
   * @param jvmOptions for their JVMs
   */
  static EarlyEngines start(int count, List<String> jvmOptions) {
    EarlyEngines engines = new EarlyEngines(jvmOptions);
    if (jvmOptions.isEmpty()) {
      guessed().ifPresent(first -> engines.waiting.put(0, first));
    }
    try {
      for (int dpRank = engines.waiting.size(); dpRank < count; dpRank++) {
        engines.waiting.put(dpRank, process(dpRank, jvmOptions));
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
    return early != null && early.isAlive() ? early : process(dpRank, jvmOptions);
  }

  private static ChildProcess process(int dpRank, List<String> jvmOptions) throws IOException {
    return ChildProcess.start("engine-" + dpRank, EngineChild.COMMAND, jvmOptions);
  }

  /** Ends those that nobody took. */
  @Override
  public void close() {
    waiting.values().forEach(ChildProcess::kill);
  }
}
