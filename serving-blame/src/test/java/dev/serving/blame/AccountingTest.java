package dev.serving.blame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Token;
import java.util.List;
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
    Ledger ledger = new Ledger(64 << 20);
    // 1 ms before and after its engine, half a ms and 10 us a row of the prompt, 1 ms a token
    for (int i = 0; i < 60; i++) {
      RequestPath lone = lone(buffer, i, 1_000 * MS * i, 10 * (i % 7 + 1), 1);
      ledger.add(buffer.take(), 1_000 * MS * (i + 1));
      Accounting.settle(lone, ledger);
    }
    RequestPath crowded = lone(buffer, 99, 1_000 * MS * 99, 50, 5);
    ledger.add(buffer.take(), 1_000 * MS * 100);
    Account.Alone alone = Accounting.of(crowded, ledger).alone();
    assertThat(alone.learned()).isTrue();
    assertThat((double) alone.firstTokenNs()).isCloseTo(2.0 * MS, within(0.1 * MS));
    assertThat((double) alone.wholeNs()).isCloseTo(23.0 * MS, within(0.5 * MS));
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
    return new RequestPath(at, at, at, at, at, 0, List.of(choice), over, over, over);
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
    EngineWalk walk = new EngineWalk(ledger, 1);
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
    new EngineWalk(ledger, 1)
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
            began, began, began, began, began, 0, List.of(choice), 110 * MS, 110 * MS, 110 * MS);
    Blame blame = Accounting.of(path, ledger).whole();
    assertThat(blame.ns(Cause.QUEUE_BLOCKS)).isEqualTo(140 * MS);
    assertThat(blame.ns(Cause.SCHEDULE)).isEqualTo(1 * MS);
    assertThat(blame.ns(Cause.OWN)).isEqualTo(9 * MS);
    assertThat(blame.totalNs()).isEqualTo(150 * MS);
    assertThat(blame.culprits().get(0))
        .isEqualTo(new Culprit(Cause.QUEUE_BLOCKS, 7, 105 * MS, 30, 1));
  }
}
