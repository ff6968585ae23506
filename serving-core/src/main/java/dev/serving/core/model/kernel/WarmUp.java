package dev.serving.core.model.kernel;

import dev.serving.core.model.kernel.Kernels.Family;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Runs vector kernels in the background until they are compiled, and says which families are faster
 * than plain Java.
 *
 * <p>One that is not in time is tried again later, and less and less often: C2 has too little of a
 * core where the machine is busy, and says of nothing when it will be done. Only one that lost
 * every time stays plain.
 */
final class WarmUp {
  private static final Logger LOG = System.getLogger(WarmUp.class.getName());
  private static final long LIMIT = Duration.ofSeconds(10).toNanos();

  /** Some twenty minutes in all. */
  private static final int TRIES = 24;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /**
   * A pass over so many weights takes plain Java some tenths of a second, and vector kernels are
   * worth more to it than they take from loading it.
   */
  private static final long MANY_WEIGHTS = 1 << 25;

  /** Where nobody says that a model is warm. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Whoever waits for a model asks it at once. */
  private static final Duration FIRST_REQUEST = Duration.ofMillis(400);

  private final Kernels vectors;
  private final Kernels plain;
  private final Function<Family, List<Trial>> trials;
  private final Consumer<Family> faster;
  private final Set<Family> cold = EnumSet.noneOf(Family.class);
  private final Set<Family> waiting = EnumSet.noneOf(Family.class);
  private final Map<Family, Integer> again = new EnumMap<>(Family.class); // to the tries they lost
  private boolean running;
  private boolean hurried;
  private long weights;
  private long patienceEnd;

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
    notifyAll();
    if (!running) {
      running = true;
      patienceEnd = System.nanoTime() + PATIENCE.toNanos();
      Thread thread = new Thread(this::run, "kernel-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** So many more weights are there to be multiplied. */
  synchronized void weights(long more) {
    weights += more;
    notifyAll();
  }

  /** The model is there: vector kernels wait for its first request, but not much longer. */
  synchronized void modelIsWarm() {
    patienceEnd = System.nanoTime() + FIRST_REQUEST.toNanos();
    notifyAll();
  }

  /** Waits for all that was started, which need not wait for anything from now on. */
  synchronized boolean await(Duration timeout) {
    hurried = true;
    notifyAll();
    long end = System.nanoTime() + timeout.toNanos();
    restUntil(() -> end, () -> !running);
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
      if (!mayGo()) {
        continue;
      }
      family = next(waiting);
      if (family != null) {
        tryOut(family);
      }
      if (ended()) {
        return;
      }
    }
  }

  /**
   * Waits until vector kernels may go: what compiles them takes a core or two for as long as a
   * small model takes to be there, and what compiles the first passes would wait behind it.
   *
   * @return false when plain kernels of another family go before
   */
  private synchronized boolean mayGo() {
    restUntil(() -> patienceEnd, () -> hurried || weights >= MANY_WEIGHTS || !cold.isEmpty());
    return cold.isEmpty();
  }

  private synchronized void restUntil(LongSupplier end, BooleanSupplier enough) {
    try {
      for (long left;
          !enough.getAsBoolean() && (left = end.getAsLong() - System.nanoTime()) > 0; ) {
        wait(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Family next(Set<Family> families) {
    Family first = families.isEmpty() ? null : families.iterator().next();
    families.remove(first);
    return first;
  }

  private void tryOut(Family family) {
    Optional<Trial> lost =
        trials.apply(family).stream().filter(t -> !t.vectorsWin(vectors, plain, LIMIT)).findFirst();
    if (lost.isPresent()) {
      lost(family, lost.get());
    } else {
      faster.accept(family);
      won(family);
    }
  }

  private synchronized void won(Family family) {
    if (again.remove(family) != null) {
      LOG.log(Level.INFO, "The {0} kernels of the Vector API are used from now on", family);
    }
  }

  /** Warns of it at the first time and at the last. */
  private synchronized void lost(Family family, Trial trial) {
    int tries = again.merge(family, 1, Integer::sum);
    boolean last = tries == TRIES;
    if (last) {
      again.remove(family);
    }
    if (last || tries == 1) {
      LOG.log(
          Level.WARNING,
          "The {0} kernels of the Vector API are slow on this JVM ({1}: {2} ns against {3} ns);"
              + " plain Java is used {4}",
          family,
          trial.name(),
          trial.vectorNanos(),
          trial.plainNanos(),
          last ? "instead" : "until they are not: they are tried again");
    }
  }

  private synchronized boolean ended() {
    if (!cold.isEmpty() || !waiting.isEmpty()) {
      return false;
    }
    if (!again.isEmpty()) {
      pause(Collections.min(again.values()));
      waiting.addAll(again.keySet());
      return false;
    }
    running = false;
    notifyAll();
    return true;
  }

  /** Waits, the longer the more tries were lost, or until there is something else to do. */
  private synchronized void pause(int lost) {
    long end =
        System.nanoTime()
            + Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(lost - 1, 20));
    restUntil(() -> end, () -> hurried || !cold.isEmpty() || !waiting.isEmpty());
  }
}
