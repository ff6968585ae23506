package dev.serving.blame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Token;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This shows that causes sum to what was measured, and that they are the right ones. */
final class AccountingTest {
  private static final long MS = 1_000_000;

  /** Engines of 200 requests each; a benchmark asks for more. */
  private static LongStream engines() {
    return LongStream.rangeClosed(1, Long.getLong("blame.engines", 10));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void causesSumToTheTimeOfWholeRequestsFirstTokensAndWorstTokens(long seed) {
    RandomEngine engine = new RandomEngine(seed);
    engine.run(200);
    Ledger ledger = ledger(engine);
    long cost = 0;
    for (RequestPath path : engine.paths) {
      cost += checked(path, ledger).costNs();
    }
    assertThat(engine.paths).hasSize(200);
    assertThat(cost).as("engine time of all requests").isEqualTo(engine.heldNs);
  }

  /** What a killed engine did last nobody hears of: its requests' time is whole all the same. */
  @ParameterizedTest
  @MethodSource("engines")
  void causesSumAlsoWhereTheEngineWasKilled(long seed) {
    RandomEngine engine = new RandomEngine(seed);
    engine.runAndDie(200);
    Ledger ledger = ledger(engine);
    long lost = 0;
    for (RequestPath path : engine.paths) {
      lost += checked(path, ledger).whole().ns(Cause.ENGINE_LOST);
    }
    assertThat(engine.paths).hasSize(200);
    assertThat(lost).isPositive();
  }

  private static Ledger ledger(RandomEngine engine) {
    Ledger ledger = new Ledger(64 << 20);
    engine.pages.forEach(page -> ledger.add(page, engine.now()));
    return ledger;
  }

  private static Account checked(RequestPath path, Ledger ledger) {
    Account account = Accounting.settle(path, ledger);
    long whole = path.endedNs() - path.beganNs();
    assertThat(account.whole().totalNs()).isEqualTo(whole);
    assertThat(account.whole().causes().values()).allMatch(ns -> ns > 0);
    assertThat(account.alone().wholeNs()).isBetween(0L, whole);
    LongStream firsts =
        path.choices().stream().filter(c -> c.first() != null).mapToLong(c -> c.first().takenNs());
    firsts
        .min()
        .ifPresent(
            first -> {
              assertThat(account.firstToken().totalNs()).isEqualTo(first - path.beganNs());
              assertThat(account.alone().firstTokenNs()).isBetween(0L, first - path.beganNs());
            });
    LongStream worsts =
        path.choices().stream().filter(c -> c.worst() != null).mapToLong(c -> c.worst().ns());
    worsts.max().ifPresent(worst -> assertThat(account.worst().blame().totalNs()).isEqualTo(worst));
    return account;
  }

  @Test
  void causesSumAlsoWhereStepsAreForgotten() {
    RandomEngine engine = new RandomEngine(11);
    engine.run(300);
    Ledger nothing = new Ledger(0);
    engine.paths.forEach(path -> checked(path, nothing));
    Ledger little = new Ledger(10_000);
    engine.pages.forEach(page -> little.add(page, engine.now()));
    engine.paths.forEach(path -> checked(path, little));
  }

  @Test
  void aloneIsLearnedFromRequestsThatHadTheEngineToThemselves() {
    StepBuffer buffer = new StepBuffer();
    Ledger ledger = lones(buffer, false);
    RequestPath crowded = lone(buffer, 99, 1_000 * MS * 99, 50, 5);
    ledger.add(buffer.take(), 1_000 * MS * 100);
    Account.Alone alone = Accounting.of(crowded, ledger).alone();
    assertThat(alone.learned()).isTrue();
    assertThat((double) alone.firstTokenNs()).isCloseTo(2.0 * MS, within(0.1 * MS));
    assertThat((double) alone.wholeNs()).isCloseTo(23.0 * MS, within(0.5 * MS));
  }

  /** A lone step has one row of an answer; what further ones add, steps of many say. */
  @Test
  void aloneSeveralChoicesShareSteps() {
    StepBuffer buffer = new StepBuffer();
    Ledger ledger = lones(buffer, true);
    RequestPath crowded = choices(buffer, 4, 1_000 * MS * 99, 5);
    ledger.add(buffer.take(), 1_000 * MS * 100);
    Account.Alone alone = Accounting.of(crowded, ledger).alone();
    assertThat(alone.learned()).isTrue();
    assertThat((double) alone.wholeNs()).isCloseTo(29.0 * MS, within(1.5 * MS));
  }

  /**
   * 1 ms before and after its engine, half a ms and 10 us a row of the prompt, 1 ms a token: so
   * went sixty requests, and between them, or not, steps of others.
   */
  private static Ledger lones(StepBuffer buffer, boolean crowds) {
    Ledger ledger = new Ledger(64 << 20);
    for (int i = 0; i < 60; i++) {
      RequestPath lone = lone(buffer, i, 1_000 * MS * i, 10 * (i % 7 + 1), 1);
      if (crowds) {
        crowd(buffer, 1_000 * MS * i + 500 * MS);
      }
      ledger.add(buffer.take(), 1_000 * MS * (i + 1));
      Accounting.settle(lone, ledger);
    }
    return ledger;
  }

  /** Steps of one to eight of others' tokens, each 0.1 ms. */
  private static void crowd(StepBuffer buffer, long at) {
    long now = at;
    for (int rows = 1; rows <= 8; rows++) {
      long took = 9 * MS / 10 + rows * MS / 10;
      step(buffer, now, took, LongStream.rangeClosed(1, rows).toArray(), 100);
      now += took;
    }
  }

  private static void step(StepBuffer buffer, long now, long took, long[] keys, int position) {
    buffer.begin(now / MS, now, now, now + took, now + took);
    buffer.queue(0, 0, 0);
    buffer.rank(took, 0, 0);
    for (long key : keys) {
      buffer.part(key, StepPart.pack(false, false, 1, position, 1));
    }
    buffer.end();
  }

  /** As {@link #lone}, with some choices, whose prompt of 50 rows is shared. */
  private static RequestPath choices(StepBuffer buffer, int count, long at, int crowd) {
    List<String> rids = IntStream.range(0, count).mapToObj(i -> "choice-" + i).toList();
    long[] keys = rids.stream().mapToLong(StepKey::of).toArray();
    long[] all = Arrays.copyOf(keys, count + 1);
    all[count] = 7;
    long now = at + crowd * MS;
    long firstNs = now + crowd * (MS / 2 + 10_000L * (50 + count - 1));
    buffer.begin(0, now, now, firstNs, firstNs);
    buffer.queue(0, 0, 0);
    buffer.rank(firstNs - now, 0, 0);
    for (long key : keys) {
      buffer.part(key, StepPart.pack(true, false, key == keys[0] ? 50 : 1, 0, 1));
    }
    buffer.end();
    now = firstNs;
    for (int i = 0; i < 20; i++) {
      long took = crowd * (9 * MS / 10 + count * MS / 10);
      step(buffer, now, took, all, 50 + i);
      now += took;
    }
    Token first = new Token(0, firstNs, firstNs, firstNs);
    Token end = new Token(20, now, now, now);
    List<ChoicePath> paths = rids.stream().map(r -> new ChoicePath(r, first, null, end)).toList();
    long over = now + crowd * MS;
    return new RequestPath(at, at, at, at, at, 0, paths, List.of(), over, over, over);
  }

  /** 1 ms before and after the engine, 20 tokens; in a crowd all takes so many times as long. */
  private static RequestPath lone(StepBuffer buffer, int i, long at, int prompt, int crowd) {
    String rid = "lone-" + i;
    long key = StepKey.of(rid);
    long now = at + crowd * MS;
    long firstNs = 0;
    for (int step = 0; step < 21; step++) {
      long took = crowd * (step == 0 ? MS / 2 + 10_000L * prompt : MS);
      buffer.begin(step, now, now, now + took, now + took);
      buffer.queue(0, 0, 0);
      buffer.rank(took, 0, 0);
      int rows = step == 0 ? prompt : 1;
      int position = step == 0 ? 0 : prompt + step - 1;
      buffer.part(key, StepPart.pack(step == 0, false, rows, position, 1));
      if (crowd > 1) {
        buffer.part(7, StepPart.pack(false, false, 1, 0, 1));
      }
      if (step == 0) {
        buffer.admitted(key, at + crowd * MS);
      }
      buffer.end();
      now += took;
      firstNs = step == 0 ? now : firstNs;
    }
    Token first = new Token(0, firstNs, firstNs, firstNs);
    Token end = new Token(20, now, now, now);
    ChoicePath choice = new ChoicePath(rid, first, null, end);
    long over = now + crowd * MS;
    return new RequestPath(at, at, at, at, at, 0, List.of(choice), List.of(), over, over, over);
  }

  @Test
  void othersPromptIsBlamedByItsRows() {
    StepBuffer buffer = new StepBuffer();
    for (int i = 0; i < 100; i++) { // a step takes 1 ms, a prompt's row 10 us, an answer's 20 us
      int rows = i % 10 * 100;
      long at = 20L * i * MS;
      step(buffer, at, 1_020_000 + 10_000L * rows, rows);
    }
    Ledger ledger = new Ledger(64 << 20);
    ledger.add(buffer.take(), 5_000 * MS);
    EngineWalk walk = new EngineWalk(ledger, 1, List.of());
    Tally tally = new Tally();
    long at = 20L * 99 * MS;
    walk.cover(at, EngineWalk.State.RUNNING, at, at + 10_020_000, Cause.UNEXPLAINED, tally);
    Blame blame = tally.blame();
    assertThat(blame.top()).isEqualTo(Cause.OTHERS_PREFILL);
    assertThat((double) blame.ns(Cause.OTHERS_PREFILL)).isCloseTo(9e6, within(1e5));
    assertThat((double) blame.ns(Cause.OWN)).isCloseTo(1.02e6, within(1e5));
    assertThat(blame.culprits().get(0).key()).isEqualTo(2);
    assertThat(blame.culprits().get(0).amount()).isEqualTo(900);
    assertThat(ledger.cost().fit()).isGreaterThan(0.99);
  }

  private static org.assertj.core.data.Offset<Double> within(double most) {
    return org.assertj.core.data.Offset.offset(most);
  }

  private static void step(StepBuffer buffer, long at, long took, int prefill) {
    buffer.begin(1, at, at, at + took, at + took);
    buffer.queue(0, 0, 0);
    buffer.rank(took, 0, 0);
    buffer.part(1, StepPart.pack(false, false, 1, 0, 1));
    if (prefill > 0) {
      buffer.part(2, StepPart.pack(true, false, prefill, 0, 1));
    }
    buffer.end();
  }

  @Test
  void whatOneLateRankCostsIsAllTheStragglers() {
    Blame blame = twoRanks(9 * MS, 0, 0);
    assertThat(blame.ns(Cause.STRAGGLER)).isEqualTo(7 * MS);
    assertThat(blame.ns(Cause.OWN)).isEqualTo(2 * MS);
    assertThat(blame.ns(Cause.DISPATCH)).isEqualTo(1 * MS);
    assertThat(blame.culprits().get(0)).isEqualTo(new Culprit(Cause.STRAGGLER, 1, 7 * MS, 0, 1));
  }

  @Test
  void whoWaitedForACollectionIsToldSo() {
    Blame blame = twoRanks(9 * MS, 5 * MS, 0);
    assertThat(blame.ns(Cause.PAUSE)).isEqualTo(5 * MS);
    assertThat(blame.ns(Cause.STRAGGLER)).isEqualTo(2 * MS);
  }

  @Test
  void aCollectionWhileAStepWasOnItsWayIsAPause() {
    Blame blame = twoRanks(2 * MS, 0, 7 * MS);
    assertThat(blame.ns(Cause.PAUSE)).isEqualTo(7 * MS);
    assertThat(blame.ns(Cause.DISPATCH)).isEqualTo(1 * MS);
  }

  /** A step of 10 ms on two ranks; the first computes 2 ms, the other is as late as is said. */
  private static Blame twoRanks(long busy, long paused, long enginePaused) {
    StepBuffer buffer = new StepBuffer();
    buffer.begin(1, 0, 0, 10 * MS, 10 * MS);
    buffer.queue(0, 0, enginePaused);
    buffer.rank(2 * MS, busy - 2 * MS, 0);
    buffer.rank(busy, 0, paused);
    buffer.part(1, StepPart.pack(false, false, 1, 0, 1));
    buffer.end();
    Ledger ledger = new Ledger(64 << 20);
    ledger.add(buffer.take(), 20 * MS);
    Tally tally = new Tally();
    new EngineWalk(ledger, 1, List.of())
        .cover(0, EngineWalk.State.RUNNING, 0, 10 * MS, Cause.UNEXPLAINED, tally);
    return tally.blame();
  }

  @Test
  void whoWaitsForBlocksIsToldWhoHoldsThem() {
    StepBuffer buffer = new StepBuffer();
    buffer.begin(1, 0, 1 * MS, 99 * MS, 100 * MS);
    buffer.queue(2, 1, 0);
    buffer.rank(98 * MS, 0, 0);
    buffer.part(7, StepPart.pack(false, false, 1, 0, 30));
    buffer.part(8, StepPart.pack(false, false, 1, 0, 10));
    buffer.end();
    buffer.begin(2, 100 * MS, 101 * MS, 110 * MS, 110 * MS);
    buffer.queue(0, 0, 0);
    buffer.rank(9 * MS, 0, 0);
    long key = StepKey.of("a");
    buffer.part(key, StepPart.pack(true, false, 5, 0, 10));
    buffer.admitted(key, -40 * MS);
    buffer.end();
    Ledger ledger = new Ledger(64 << 20);
    ledger.add(buffer.take(), 120 * MS);
    Token token = new Token(0, 110 * MS, 110 * MS, 110 * MS);
    ChoicePath choice = new ChoicePath("a", token, null, token);
    long began = -40 * MS;
    RequestPath path =
        new RequestPath(
            began,
            began,
            began,
            began,
            began,
            0,
            List.of(choice),
            List.of(),
            110 * MS,
            110 * MS,
            110 * MS);
    Blame blame = Accounting.of(path, ledger).whole();
    assertThat(blame.ns(Cause.QUEUE_BLOCKS)).isEqualTo(140 * MS);
    assertThat(blame.ns(Cause.SCHEDULE)).isEqualTo(1 * MS);
    assertThat(blame.ns(Cause.OWN)).isEqualTo(9 * MS);
    assertThat(blame.totalNs()).isEqualTo(150 * MS);
    assertThat(blame.culprits().get(0))
        .isEqualTo(new Culprit(Cause.QUEUE_BLOCKS, 7, 105 * MS, 30, 1));
  }

  /** A token, 30 ms in which nobody read, of which others had 20, and the next token. */
  @Test
  void whatNobodyReadIsTheClients() {
    StepBuffer buffer = new StepBuffer();
    long key = StepKey.of("slow");
    step(buffer, key, 0);
    step(buffer, 7, 20 * MS);
    step(buffer, 7, 30 * MS);
    step(buffer, key, 45 * MS);
    Ledger ledger = new Ledger(64 << 20);
    ledger.add(buffer.take(), 60 * MS);
    Token first = new Token(0, 10 * MS, 10 * MS, 10 * MS);
    Token next = new Token(1, 55 * MS, 55 * MS, 55 * MS);
    ChoicePath choice = new ChoicePath("slow", first, new RequestPath.Gap(first, next), next);
    RequestPath.Unread unread = new RequestPath.Unread(8 * MS, 42 * MS);
    RequestPath path =
        new RequestPath(
            0, 0, 0, 0, 0, 0, List.of(choice), List.of(unread), 55 * MS, 55 * MS, 55 * MS);
    Account account = Accounting.settle(path, ledger);
    assertThat(account.whole().causes())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(Cause.OWN, 20 * MS, Cause.CLIENT_OUT, 32 * MS, Cause.SCHEDULE, 3 * MS));
    assertThat(account.worst().blame().top()).isEqualTo(Cause.CLIENT_OUT);
    assertThat(account.whole().culprits()).isEmpty();
  }

  private static void step(StepBuffer buffer, long key, long at) {
    buffer.begin(1 + at, at, at, at + 10 * MS, at + 10 * MS);
    buffer.queue(0, 0, 0);
    buffer.rank(10 * MS, 0, 0);
    buffer.part(key, StepPart.pack(false, false, 1, 0, 1));
    buffer.end();
  }
}
