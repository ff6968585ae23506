package dev.serving.bench.blame;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A way to hold a request up.
 *
 * @param name for people
 * @param causes that may be the top one then
 * @param server what server it takes
 * @param act does it, once
 * @param control the same request, not held up; null where the server itself is what holds it up
 */
record Injury(
    String name, Set<String> causes, Ward server, Act act, Function<Patient, Asking> control) {
  /** Servers that injuries are done to, by what they were started with. */
  enum Ward {
    PLAIN(),
    FEW_SEQUENCES("--max-num-seqs=4"),
    FEW_BLOCKS("--kv-cache-bytes=" + (2 << 20)),
    TWO_RANKS("--tensor-parallel-size=2"),
    SLOW_TOKENS(),
    SLOW_LINK();

    final List<String> options;

    Ward(String... options) {
      this.options = List.of(options);
    }
  }

  /** Does it. */
  @FunctionalInterface
  interface Act {
    Injured on(Patient server) throws Exception;
  }
}
