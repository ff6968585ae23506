package dev.serving.cli.soak;

import dev.serving.cli.load.Benchmark;
import dev.serving.cli.load.LoadConfig;
import dev.serving.cli.load.LoadResult;
import dev.serving.cli.load.Progress;
import dev.serving.cli.load.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A soak: a server of its own, a load, trouble, and a look at what is left. */
public final class Soak {
  private static final Duration SETTLE = Duration.ofSeconds(90);
  private static final int TROUBLES = 30;
  private static final int WARM_UP = 60;
  private static final int AFTERWARDS = 10;

  private final List<String> serving;
  private final LoadConfig load;
  private final Path log;
  private final Consumer<Error> onError;

  /**
   * A soak.
   *
   * @param serving how the {@code serving} command is started
   * @param load what is asked, until its duration is over
   * @param log takes the server's log
   * @param onError is told of an error that ends a thread of the receiver of spans
   */
  public Soak(List<String> serving, LoadConfig load, Path log, Consumer<Error> onError) {
    this.serving = List.copyOf(serving);
    this.load = load;
    this.log = log;
    this.onError = onError;
  }

  /**
   * Runs it to its end, or until the calling thread is interrupted: then the report says what was
   * done so far.
   *
   * @param progress is told how far it is
   * @return what was seen; {@link SoakReport#passed} tells whether all was well
   * @throws IOException when the server cannot be started or asked
   * @throws InterruptedException when interrupted before or after the load
   */
  public SoakReport run(Progress progress) throws IOException, InterruptedException {
    try (SoakBackend backend = new SoakBackend(onError);
        SoakServer server = SoakServer.start(serving, backend.uri(), log)) {
      SoakReport report = new SoakReport();
      Benchmark benchmark = Benchmark.prepare(target(server), load);
      benchmark.warmUp(WARM_UP);
      settle(server);
      Footprint first = Footprint.of(server);
      double before = server.scrape().sum(SoakReport.FINISHED);
      Balance balance = new Balance();
      Trouble trouble = new Trouble(server, backend, everySeconds());
      LoadResult result = trouble(benchmark, server, trouble, balance, report, progress);
      if (result.isPartial()) {
        report.endedEarly();
        return report;
      }
      boolean ready = settle(server);
      int answered = benchmark.warmUp(AFTERWARDS);
      settle(server);
      balance.look(server.scrape());
      double finished = server.scrape().sum(SoakReport.FINISHED);
      report.recovered(server.scrape(), trouble.kills(), ready, AFTERWARDS, answered);
      report.endings(result, AFTERWARDS, finished - before);
      report.spans(balance, backend.taken());
      report.idle(server.scrape());
      report.grown(first, lastFootprint(server, first));
      report.ended(server);
      report.logged(Endings.in(log), finished);
      return report;
    }
  }

  private static Target target(SoakServer server) {
    return new Target(
        server.uri(),
        false,
        "/v1/completions",
        server.model(),
        Map.of(),
        true,
        0,
        Duration.ofMinutes(2));
  }

  private LoadResult trouble(
      Benchmark benchmark,
      SoakServer server,
      Trouble trouble,
      Balance balance,
      SoakReport report,
      Progress progress)
      throws InterruptedException {
    BadRequests bad = new BadRequests(server);
    Thread badThread = begin("bad-requests", bad);
    List<Thread> threads =
        List.of(begin("trouble", trouble), begin("watch", new Watch(server, balance)));
    LoadResult result = benchmark.run(progress);
    bad.end();
    badThread.join();
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join();
    }
    report.happened(result, trouble, bad, balance);
    report.heard(trouble, bad);
    return result;
  }

  /** Often enough that each kind comes several times, seldom enough that the server recovers. */
  private long everySeconds() {
    return Math.max(6, load.duration().toSeconds() / TROUBLES);
  }

  private static Thread begin(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Waits until nothing is open and every span has been sent, or for so long.
   *
   * @return whether the server is ready
   */
  private static boolean settle(SoakServer server) throws IOException, InterruptedException {
    long end = System.nanoTime() + SETTLE.toNanos();
    boolean ready = server.isReady();
    while (System.nanoTime() < end && !(ready && isIdle(server.scrape()))) {
      TimeUnit.MILLISECONDS.sleep(500);
      ready = server.isReady();
    }
    return ready;
  }

  /** An engine that was started anew holds what its kernels are tried on, until they were. */
  private static Footprint lastFootprint(SoakServer server, Footprint first)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + SETTLE.toNanos();
    Footprint last = Footprint.of(server);
    while (System.nanoTime() < end && SoakReport.heapHasGrown(first, last)) {
      last = Footprint.of(server);
    }
    return last;
  }

  private static boolean isIdle(Scrape scrape) {
    return SoakReport.IDLE.keySet().stream().allMatch(family -> scrape.sum(family) == 0);
  }
}
