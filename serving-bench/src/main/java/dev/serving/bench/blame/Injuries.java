package dev.serving.bench.blame;

import dev.serving.bench.blame.Injury.Ward;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Ten ways to hold a request up, each by what its name says and nothing else. */
final class Injuries {
  private static final int LONG = 2;
  private static final int NOISY = 24;
  private static final int BURST = 24;

  private Injuries() {}

  static List<Injury> all() {
    return List.of(
        new Injury(
            "long prefills join", Set.of("others.prefill"), Ward.PLAIN, Injuries::longPrefill),
        new Injury("noisy co-decoders", Set.of("others.decode"), Ward.PLAIN, Injuries::noisy),
        new Injury("a collection", Set.of("pause"), Ward.PLAIN, Injuries::collection),
        new Injury("a slow reader", Set.of("client_out"), Ward.PLAIN, Injuries::slowReader),
        new Injury("a burst", Set.of("queue.sequences"), Ward.FEW_SEQUENCES, Injuries::burst),
        new Injury(
            "too few KV blocks", Set.of("queue.blocks"), Ward.FEW_BLOCKS, Injuries::fewBlocks),
        new Injury(
            "preemption", Set.of("preempted", "recompute"), Ward.FEW_BLOCKS, Injuries::preemption),
        new Injury("one rank slowed", Set.of("straggler"), Ward.TWO_RANKS, Injuries::slowRank),
        new Injury("a slow tokenizer", Set.of("frontend"), Ward.SLOW_TOKENS, Injuries::slowTokens),
        new Injury("a delayed link", Set.of("transport"), Ward.SLOW_LINK, Injuries::plain));
  }

  private static Injured longPrefill(Patient server) {
    Asking victim = server.ask(10, 24).awaitFirst();
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

  private static Injured fewBlocks(Patient server) {
    Asking holder = server.ask(380, 90).awaitFirst();
    String victim = server.ask(300, 5).awaitEnd();
    return new Injured(victim, Set.of(holder.awaitEnd()));
  }

  private static Injured preemption(Patient server) {
    Asking first = server.ask(60, 400).awaitFirst();
    String victim = server.ask(60, 200).awaitEnd();
    return new Injured(victim, Set.of(first.awaitEnd()));
  }

  private static Injured collection(Patient server) throws Exception {
    Asking victim = server.ask(10, 24).awaitFirst();
    server.collectUntil(victim.over());
    return new Injured(victim.awaitEnd(), Set.of());
  }

  private static Injured slowRank(Patient server) throws Exception {
    Asking victim = server.ask(10, 24).awaitFirst();
    server.slowRankUntil(victim.over());
    return new Injured(victim.awaitEnd(), Set.of("rank 1"));
  }

  private static Injured slowReader(Patient server) throws Exception {
    String request = server.body(10, 150, ", \"logprobs\": 20, \"n\": 8");
    return new Injured(SlowReader.ask(server.uri(), request), Set.of());
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
