package dev.serving.bench.blame;

import dev.serving.bench.blame.Injury.Ward;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Ten ways to hold a request up, each by what its name says and nothing else. */
final class Injuries {
  private static final int LONG = 5;
  private static final int NOISY = 24;
  private static final int BURST = 24;
  private static final int MOST_TRIES = 5;
  private static final String URGENT = ", \"priority\": -1";

  private Injuries() {}

  static List<Injury> all() {
    return List.of(
        new Injury(
            "long prefills join",
            Set.of("others.prefill"),
            Ward.PLAIN,
            Injuries::longPrefill,
            Injuries::brief),
        new Injury(
            "noisy co-decoders",
            Set.of("others.decode"),
            Ward.PLAIN,
            Injuries::noisy,
            server -> server.ask(8, 20)),
        new Injury(
            "a collection", Set.of("pause"), Ward.PLAIN, Injuries::collection, Injuries::brief),
        new Injury(
            "a slow reader",
            Set.of("client_out"),
            Ward.PLAIN,
            Injuries::slowReader,
            server -> server.post(wordy(server))),
        new Injury(
            "a burst",
            Set.of("queue.sequences"),
            Ward.FEW_SEQUENCES,
            Injuries::burst,
            server -> server.ask(8, 10)),
        new Injury(
            "too few KV blocks",
            Set.of("queue.blocks"),
            Ward.FEW_BLOCKS,
            Injuries::fewBlocks,
            Injuries::wide),
        new Injury(
            "preemption",
            Set.of("preempted", "recompute"),
            Ward.FEW_BLOCKS,
            Injuries::preemption,
            Injuries::middling),
        new Injury(
            "one rank slowed",
            Set.of("straggler"),
            Ward.TWO_RANKS,
            Injuries::slowRank,
            Injuries::brief),
        new Injury(
            "a slow tokenizer", Set.of("frontend"), Ward.SLOW_TOKENS, Injuries::slowTokens, null),
        new Injury("a delayed link", Set.of("transport"), Ward.SLOW_LINK, Injuries::plain, null));
  }

  /** Brief, but not over before whoever waits for its first token can do something to it. */
  private static Asking brief(Patient server) {
    return server.ask(10, 60);
  }

  private static Injured longPrefill(Patient server) {
    Asking victim = brief(server).awaitFirst();
    List<Asking> longPrompts = Stream.generate(() -> server.ask(480, 1)).limit(LONG).toList();
    return new Injured(victim.awaitEnd(), ids(longPrompts));
  }

  private static Injured noisy(Patient server) {
    List<Asking> noise = Stream.generate(() -> server.ask(250, 200)).limit(NOISY).toList();
    noise.forEach(Asking::awaitFirst);
    String victim = server.ask(8, 20).awaitEnd();
    return new Injured(victim, ids(noise));
  }

  private static Injured burst(Patient server) throws InterruptedException {
    List<Asking> burst = Stream.generate(() -> server.ask(20, 30)).limit(BURST).toList();
    burst.get(0).awaitFirst();
    String victim = server.ask(8, 10).awaitEnd();
    return new Injured(victim, ids(burst));
  }

  /** There is room for 512 tokens; who is more urgent makes way for nobody. */
  private static Injured fewBlocks(Patient server) {
    Asking holder = server.post(server.body(220, 280, URGENT)).awaitFirst();
    String victim = wide(server).awaitEnd();
    return new Injured(victim, Set.of(holder.awaitEnd()));
  }

  private static Asking wide(Patient server) {
    return server.ask(290, 5);
  }

  /** Where the other came too late to be preempted, as the server counts that, it is done again. */
  private static Injured preemption(Patient server) throws Exception {
    Injured injured = null;
    for (int i = 0; i < MOST_TRIES; i++) {
      long before = server.preemptions();
      Asking first = server.post(server.body(200, 300, URGENT)).awaitFirst();
      String victim = middling(server).awaitEnd();
      injured = new Injured(victim, Set.of(first.awaitEnd()));
      if (server.preemptions() > before) {
        break;
      }
    }
    return injured;
  }

  private static Asking middling(Patient server) {
    return server.ask(200, 64);
  }

  private static Injured collection(Patient server) throws Exception {
    Asking victim = brief(server).awaitFirst();
    server.collectUntil(victim.over());
    return new Injured(victim.awaitEnd(), Set.of());
  }

  private static Injured slowRank(Patient server) throws Exception {
    Asking victim = brief(server).awaitFirst();
    server.slowRankUntil(victim.over());
    return new Injured(victim.awaitEnd(), Set.of("rank 1"));
  }

  private static Injured slowReader(Patient server) throws Exception {
    return new Injured(SlowReader.ask(server.uri(), wordy(server)), Set.of());
  }

  /** Its answer is larger than what the machine takes for a client that does not read. */
  private static String wordy(Patient server) {
    return server.body(10, 150, ", \"logprobs\": 20, \"n\": 8");
  }

  private static Injured slowTokens(Patient server) {
    return new Injured(server.chat("hello", 4).awaitEnd(), Set.of());
  }

  private static Injured plain(Patient server) {
    return new Injured(server.ask(10, 8).awaitEnd(), Set.of());
  }

  private static Set<String> ids(List<Asking> requests) {
    Set<String> ids = new HashSet<>();
    requests.forEach(request -> ids.add(request.awaitEnd()));
    return ids;
  }
}
