package dev.serving.core.model.kernel;

import dev.serving.core.model.kernel.Kernels.Family;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs vector kernels in the background until they are compiled, and says which families are faster
 * than plain Java. One that is not after half a minute stays plain, with a warning.
 */
final class WarmUp {
  private static final Logger LOG = System.getLogger(WarmUp.class.getName());
  private static final long LIMIT = Duration.ofSeconds(30).toNanos();

  private final Kernels vectors;
  private final Kernels plain;
  private final Function<Family, List<Trial>> trials;
  private final Consumer<Family> faster;
  private final Set<Family> cold = EnumSet.noneOf(Family.class);
  private final Set<Family> waiting = EnumSet.noneOf(Family.class);
  private boolean running;

  /**
   * Starts nothing yet.
   *
   * @param trials which a family's vector kernels must all win; new ones at each call
   * @param faster is told of each family that did, by the thread that tried it
   */
  WarmUp(
      Kernels vectors,
      Kernels plain,
      Function<Family, List<Trial>> trials,
      Consumer<Family> faster) {
    this.vectors = vectors;
    this.plain = plain;
    this.trials = trials;
    this.faster = faster;
  }

  /** Queues a family; a thread lives while any is queued. */
  synchronized void start(Family family) {
    cold.add(family);
    waiting.add(family);
    if (!running) {
      running = true;
      Thread thread = new Thread(this::run, "kernel-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  synchronized boolean await(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      for (long left; running && (left = end - System.nanoTime()) > 0; ) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !running;
  }

  /** Plain kernels first, since they are in use meanwhile. */
  private void run() {
    while (true) {
      Family family = next(cold);
      if (family != null) {
        trials.apply(family).forEach(t -> t.warm(plain));
        continue;
      }
      family = next(waiting);
      if (family != null && isFaster(family)) {
        faster.accept(family);
      }
      if (ended()) {
        return;
      }
    }
  }

  private synchronized Family next(Set<Family> families) {
    Family first = families.isEmpty() ? null : families.iterator().next();
    families.remove(first);
    return first;
  }

  private synchronized boolean ended() {
    if (!cold.isEmpty() || !waiting.isEmpty()) {
      return false;
    }
    running = false;
    notifyAll();
    return true;
  }

  private boolean isFaster(Family family) {
    for (Trial trial : trials.apply(family)) {
      if (!trial.vectorsWin(vectors, plain, LIMIT)) {
        LOG.log(
            Level.WARNING,
            "The {0} kernels of the Vector API are slow on this JVM ({1}: {2} ns against {3} ns);"
                + " plain Java is used instead",
            family,
            trial.name(),
            trial.vectorNanos(),
            trial.plainNanos());
        return false;
      }
    }
    return true;
  }
}
