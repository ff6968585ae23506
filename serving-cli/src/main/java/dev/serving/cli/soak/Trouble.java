package dev.serving.cli.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What happens to a server meanwhile: one thing after another, in a thread of its own. */
final class Trouble implements Runnable {
  /** What may happen. */
  enum Kind {
    LEVEL_CHANGE,
    KILLED_RANK,
    RESTARTED_BACKEND,
    KILLED_ENGINE
  }

  private static final Duration RECOVERY = Duration.ofSeconds(90);

  /** All of them, and most spans first: a short soak is to have them when processes are killed. */
  private static final List<Integer> LEVELS = List.of(3, 1, 0, 2);

  private final SoakServer server;
  private final SoakBackend backend;
  private final long everySeconds;
  private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
  private String failure = "";

  Trouble(SoakServer server, SoakBackend backend, long everySeconds) {
    this.server = server;
    this.backend = backend;
    this.everySeconds = everySeconds;
  }

  /** Goes on until it is interrupted. */
  @Override
  public void run() {
    try {
      for (int i = 0; ; i++) {
        TimeUnit.SECONDS.sleep(everySeconds);
        awaitReady();
        Kind kind = Kind.values()[i % Kind.values().length];
        make(kind, i);
        synchronized (this) {
          done.merge(kind, 1, Integer::sum);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      synchronized (this) {
        failure = e.toString();
      }
    }
  }

  /** Trouble comes to a server that has recovered from the last; that it does is looked at, too. */
  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + RECOVERY.toNanos();
    while (!server.isReady()) {
      if (System.nanoTime() > end) {
        throw new IOException("not ready again after " + RECOVERY.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private void make(Kind kind, int turn) throws IOException, InterruptedException {
    switch (kind) {
      case LEVEL_CHANGE -> server.level(LEVELS.get(turn / Kind.values().length % LEVELS.size()));
      case KILLED_RANK -> server.kill("rank");
      case RESTARTED_BACKEND -> backend.restart();
      case KILLED_ENGINE -> server.kill("engine");
    }
  }

  /** How often each kind has happened. */
  synchronized Map<Kind, Integer> done() {
    return new TreeMap<>(done);
  }

  /** Processes that were killed. */
  synchronized int kills() {
    return done.getOrDefault(Kind.KILLED_RANK, 0) + done.getOrDefault(Kind.KILLED_ENGINE, 0);
  }

  /** What ended it before its time; empty for nothing. */
  synchronized String failure() {
    return failure;
  }
}
