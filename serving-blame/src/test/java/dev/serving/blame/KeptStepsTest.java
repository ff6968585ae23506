package dev.serving.blame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.blame.KeptSteps.Judgement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This shows that who has an engine's steps judges its requests as its frontend did. */
final class KeptStepsTest {
  /** A step, and when the one before it was completed. */
  private record Kept(byte[] step, long beforeNs) {}

  private static LongStream seeds() {
    return LongStream.rangeClosed(1, 10);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoHasAllStepsSaysTheSame(long seed) {
    RandomEngine engine = new RandomEngine(seed);
    engine.run(200);
    sameOfAll(engine);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void alsoOfAnEngineThatWasKilled(long seed) {
    RandomEngine engine = new RandomEngine(seed);
    engine.runAndDie(200);
    sameOfAll(engine);
  }

  private static void sameOfAll(RandomEngine engine) {
    Ledger ledger = ledger(engine);
    List<Kept> steps = steps(engine);
    for (RequestPath path : engine.paths) {
      Account said = Accounting.of(path, ledger);
      Judgement judged = judge(path, said, steps);
      assertThat(judged.complete()).isTrue();
      assertSame(judged.account(), said);
    }
  }

  /** Who lacks some says so where they matter, and cuts the whole time into causes all the same. */
  @ParameterizedTest
  @MethodSource("seeds")
  void whoLacksStepsKnowsIt(long seed) {
    RandomEngine engine = new RandomEngine(seed);
    engine.run(200);
    Ledger ledger = ledger(engine);
    List<Kept> steps = new ArrayList<>(steps(engine));
    SplittableRandom random = new SplittableRandom(seed);
    steps.removeIf(step -> random.nextInt(60) == 0);
    int complete = 0;
    int unexplained = 0;
    for (RequestPath path : engine.paths) {
      Account said = Accounting.of(path, ledger);
      Judgement judged = judge(path, said, steps);
      assertThat(judged.account().whole().totalNs()).isEqualTo(said.whole().totalNs());
      if (judged.complete()) {
        complete++;
        assertSame(judged.account(), said);
      } else if (unexplained(judged.account()) > unexplained(said)) {
        unexplained++;
      }
    }
    assertThat(complete).isPositive();
    assertThat(unexplained).isPositive();
  }

  private static long unexplained(Account account) {
    return account.whole().ns(Cause.UNEXPLAINED);
  }

  private static void assertSame(Account judged, Account said) {
    assertThat(judged.whole()).isEqualTo(said.whole());
    assertThat(judged.firstToken()).isEqualTo(said.firstToken());
    assertThat(judged.worst()).isEqualTo(said.worst());
    assertThat(judged.costNs()).isEqualTo(said.costNs());
    assertThat(judged.fit()).isEqualTo(said.fit());
  }

  private static Judgement judge(RequestPath path, Account said, List<Kept> steps) {
    KeptSteps kept = new KeptSteps();
    steps.forEach(step -> kept.add(step.step(), step.beforeNs()));
    return kept.judge(path, said.basis());
  }

  private static Ledger ledger(RandomEngine engine) {
    Ledger ledger = new Ledger(64 << 20);
    engine.pages.forEach(page -> ledger.add(page, engine.now()));
    return ledger;
  }

  private static List<Kept> steps(RandomEngine engine) {
    List<Kept> steps = new ArrayList<>();
    long before = KeptSteps.NO_STEP;
    for (byte[] page : engine.pages) {
      if (page.length == 0) {
        continue;
      }
      Step step = new Step(Page.read(page));
      int from = 0;
      boolean more = true;
      while (more) {
        long completed = step.completedNs();
        more = step.next();
        int to = more ? step.place() : page.length / Long.BYTES;
        byte[] one = Arrays.copyOfRange(page, from * Long.BYTES, to * Long.BYTES);
        steps.add(new Kept(one, before));
        from = to;
        before = completed;
      }
    }
    return steps;
  }
}
