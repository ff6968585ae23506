package dev.serving.core.blame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.blame.RequestPath.ChoicePath;
import dev.serving.core.blame.RequestPath.Token;
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
    Ledger ledger = new Ledger(64 << 20);
    ledger.add(engine.run(200), engine.now());
    long cost = 0;
    for (RequestPath path : engine.paths) {
      Account account = Accounting.of(path, ledger);
      assertThat(account.whole().totalNs()).isEqualTo(path.endedNs() - path.beganNs());
      ChoicePath choice = path.choices().get(0);
      if (choice.first() != null) {
        assertThat(account.firstToken().totalNs())
            .isEqualTo(choice.first().takenNs() - path.beganNs());
      }
      if (choice.worst() != null) {
        assertThat(account.worst().blame().totalNs()).isEqualTo(choice.worst().ns());
      }
      assertThat(account.whole().causes().values()).allMatch(ns -> ns > 0);
      cost += account.costNs();
    }
    assertThat(cost).as("engine time of all requests").isEqualTo(engine.heldNs);
  }

  @Test
  void causesSumAlsoWhereStepsAreForgotten() {
    RandomEngine engine = new RandomEngine(11);
    byte[] steps = engine.run(300);
    Ledger nothing = new Ledger(0);
    for (RequestPath path : engine.paths) {
      assertThat(Accounting.of(path, nothing).whole().totalNs())
          .isEqualTo(path.endedNs() - path.beganNs());
    }
    assertThat(steps).isNotEmpty();
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
